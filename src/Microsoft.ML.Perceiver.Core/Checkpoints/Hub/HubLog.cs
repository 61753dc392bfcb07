using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="PerceiverHubOptions.Logger"/> is told.</summary>
internal static partial class HubLog
{
    [LoggerMessage(
        EventId = 10,
        Level = LogLevel.Warning,
        Message = "'{Model}', revision '{Revision}': '{Folder}' is used, as no newer version can be had. {Cause}")]
    internal static partial void CacheUsed(ILogger logger, string model, string revision, string folder, string cause);
}
