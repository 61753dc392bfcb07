using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Hands what is logged to a channel of ML.NET, and to the program's own logger where there is one.</summary>
/// <param name="channel">The channel.</param>
/// <param name="next">The program's logger.</param>
internal sealed class ChannelLogger(IChannel channel, ILogger? next) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => next?.BeginScope(state);

    // ML.NET's log decides by itself what it shows.
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string message = formatter(state, exception);
        if (logLevel >= LogLevel.Error)
            channel.Error(message);
        else if (logLevel == LogLevel.Warning)
            channel.Warning(message);
        else
            channel.Info(message);
        next?.Log(logLevel, eventId, state, exception, formatter);
    }
}
