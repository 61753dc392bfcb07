namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Where a head's weights are: in a folder that the user names, or random ones of the published size that are written once.
/// </summary>
internal sealed class HeadFolder(string? weights) : IDisposable
{
    private readonly Dictionary<string, TemporaryFolder> _temporary = new(StringComparer.Ordinal);

    /// <summary>The folder of a head's checkpoint.</summary>
    internal string Of(HeadCase head)
    {
        if (weights is not null && Path.Combine(weights, head.CheckpointName) is var named && Directory.Exists(named))
            return named;
        if (_temporary.TryGetValue(head.Name, out var written))
            return written.Path;
        var folder = _temporary[head.Name] = new TemporaryFolder();
        head.WriteRandom(folder.Path);
        return folder.Path;
    }

    /// <summary>The recorded inputs and outputs of the reference beside a head's weights; null where there are none.</summary>
    internal string? RecordOf(HeadCase head) =>
        weights is not null && Path.Combine(weights, head.CheckpointName, "io.safetensors") is var path && File.Exists(path) ? path : null;

    public void Dispose()
    {
        foreach (var folder in _temporary.Values)
            folder.Dispose();
    }
}
