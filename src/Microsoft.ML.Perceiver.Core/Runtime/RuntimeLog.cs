using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="TorchRuntime.Logger"/> is told.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(EventId = 1, EventName = "TorchLoaded", Message = "{Description}")]
    internal static partial void TorchLoaded(ILogger logger, LogLevel level, string description);
}
