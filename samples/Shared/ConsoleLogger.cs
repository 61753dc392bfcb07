using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Samples;

/// <summary>Shows warnings in the console.</summary>
internal sealed class ConsoleLogger : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            AnsiConsole.MarkupLineInterpolated($"[yellow]{formatter(state, exception)}[/]");
    }
}
