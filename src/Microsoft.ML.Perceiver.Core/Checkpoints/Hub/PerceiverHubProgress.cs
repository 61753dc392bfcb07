namespace Microsoft.ML.Perceiver;

/// <summary>The progress of the download of a file.</summary>
/// <param name="File">The file's name in the model's repository.</param>
/// <param name="Received">The bytes received, including those of an earlier, interrupted download.</param>
/// <param name="Total">Its length in bytes; null where the hub does not state it.</param>
public sealed record PerceiverHubProgress(string File, long Received, long? Total);
