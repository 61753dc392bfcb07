namespace Microsoft.ML.Perceiver;

/// <summary>A folder with a configuration and weights.</summary>
internal sealed class DirectoryCheckpoint : PerceiverCheckpoint
{
    private readonly string _folder;
    private readonly string _weights;

    internal DirectoryCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no checkpoint folder '{path}'.");
        Config = PerceiverConfig.FromFile(path);
        _folder = path;
        _weights = CheckpointFiles.FindWeights(path);
    }

    public override PerceiverConfig Config { get; }

    public override PerceiverImageProcessorOptions? ImageProcessor =>
        File.Exists(Path.Combine(_folder, PerceiverImageProcessorOptions.FileName))
            ? PerceiverImageProcessorOptions.FromFile(_folder)
            : null;

    public override string Source => _weights;

    private protected override PerceiverCheckpointReport LoadInto(
        PerceiverPreTrainedModel model, bool newHead, long seed, PerceiverPrecision precision)
    {
        using var weights = PerceiverCheckpointWeights.Open(_weights);
        // Without a new head the names of a configuration are only names.
        var labels = newHead ? LabelRows.Between(Config, model.Config) : LabelRows.Unchanged;
        var report = CheckpointLoader.Load(model, weights, newHead, seed, precision, labels);
        if (newHead)
            model.KeepLabelUnits(report.Loaded);
        return report;
    }
}
