namespace Microsoft.ML.Perceiver;

/// <summary>How far the download of a file is.</summary>
/// <param name="File">The file's name in the model's repository.</param>
/// <param name="Received">Its bytes that are here, those of an earlier, broken download among them.</param>
/// <param name="Total">Its length in bytes; null where the hub does not say.</param>
public sealed record PerceiverHubProgress(string File, long Received, long? Total);
