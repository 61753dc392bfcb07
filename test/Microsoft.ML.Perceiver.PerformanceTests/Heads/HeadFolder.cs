namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Where a head's weights are: in a folder that the user names, or random ones of the published size that are written once.</summary>
internal sealed class HeadFolder(string? weights) : IDisposable
{
    private readonly Dictionary<string, string> _temporary = new(StringComparer.Ordinal);

    /// <summary>The folder of a head's checkpoint.</summary>
    internal string Of(HeadCase head)
    {
        if (weights is not null && Path.Combine(weights, head.CheckpointName) is var named && Directory.Exists(named))
            return named;
        if (_temporary.TryGetValue(head.Name, out string? written))
            return written;
        string folder = _temporary[head.Name] = Directory.CreateTempSubdirectory($"perceiver-{head.Name}-").FullName;
        head.WriteRandom(folder);
        return folder;
    }

    /// <summary>The recorded inputs and outputs of the reference beside a head's weights; null where there are none.</summary>
    internal string? RecordOf(HeadCase head) =>
        weights is not null && Path.Combine(weights, head.CheckpointName, "io.safetensors") is var path && File.Exists(path) ? path : null;

    public void Dispose() => _temporary.Values.ToList().ForEach(f => Directory.Delete(f, recursive: true));
}
