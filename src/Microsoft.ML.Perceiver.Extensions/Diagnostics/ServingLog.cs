using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>What a pool logs, in the category <c>Microsoft.ML.Perceiver.PerceiverPool</c>.</summary>
internal static partial class ServingLog
{
    internal const string Category = "Microsoft.ML.Perceiver.PerceiverPool";

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Model}: loaded from {Source}, {Engines} engines. {Torch}")]
    internal static partial void Loaded(ILogger logger, string model, string source, int engines, string? torch);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Model}: loaded again from {Source}, and in use from now on.")]
    internal static partial void Reloaded(ILogger logger, string model, string source);

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Error,
        Message = "{Model}: {Source} could not be loaded again; the old model stays in use.")]
    internal static partial void ReloadFailed(ILogger logger, Exception error, string model, string source);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "{Model}: a request is refused, as {Waiting} wait.")]
    internal static partial void Refused(ILogger logger, string model, int waiting);

    [LoggerMessage(EventId = 5, Level = LogLevel.Debug, Message = "{Model}: a prediction failed.")]
    internal static partial void PredictionFailed(ILogger logger, Exception error, string model);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "{Model}: {Source} could not be loaded.")]
    internal static partial void LoadFailed(ILogger logger, Exception error, string model, string source);

    [LoggerMessage(EventId = 7, Message = "{Model}: {Channel}: {Text}")]
    internal static partial void Channel(ILogger logger, LogLevel level, string model, string channel, string text);
}
