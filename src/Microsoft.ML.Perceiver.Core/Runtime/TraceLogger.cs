using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>Writes warnings and errors to <see cref="Trace"/>: the logger of a program that gives none.</summary>
internal sealed class TraceLogger : ILogger
{
    private static readonly TraceLogger Instance = new();

    private TraceLogger()
    {
    }

    /// <summary>The program's logger; where it is null, one that writes to <see cref="Trace"/>.</summary>
    internal static ILogger InPlaceOf(ILogger? logger) => logger ?? Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Warning)
            Trace.TraceWarning(formatter(state, exception));
        else if (IsEnabled(logLevel))
            Trace.TraceError(formatter(state, exception));
    }
}
