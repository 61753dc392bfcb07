namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Where a head's weights are: in a folder that the user names, or random ones of the published size that are written once.</summary>
internal sealed class HeadFolder(string? weights) : IDisposable
{
    private readonly List<string> _temporary = [];

    /// <summary>The folder of a head's checkpoint.</summary>
    internal string Of(HeadCase head)
    {
        if (weights is not null && Path.Combine(weights, head.CheckpointName) is var named && Directory.Exists(named))
            return named;
        string folder = Directory.CreateTempSubdirectory($"perceiver-{head.Name}-").FullName;
        _temporary.Add(folder);
        using var model = head.Load(PerceiverCheckpoint.FromConfig(head.Published.Config), PerceiverPrecision.Float32);
        model.SavePretrained(folder);
        return folder;
    }

    /// <summary>The recorded inputs and outputs of the reference beside a head's weights; null where there are none.</summary>
    internal string? RecordOf(HeadCase head) =>
        weights is not null && Path.Combine(weights, head.CheckpointName, "io.safetensors") is var path && File.Exists(path) ? path : null;

    public void Dispose() => _temporary.ForEach(f => Directory.Delete(f, recursive: true));
}
