namespace Microsoft.ML.Perceiver;

/// <summary>A folder with a configuration and weights.</summary>
internal sealed class DirectoryCheckpoint : PerceiverCheckpoint
{
    private readonly string _folder;
    private readonly string _weights;
    private readonly bool _isMapped;

    internal DirectoryCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"There is no checkpoint folder '{path}'.");
        // The weights are read later, when the process may have another current directory.
        path = Path.GetFullPath(path);
        Config = PerceiverConfig.FromFile(path);
        try
        {
            Config.Validate();
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{Path.Combine(path, CheckpointFiles.Config)}' is no configuration of a model: {e.Message}", e);
        }

        _folder = path;
        _weights = CheckpointFiles.FindWeights(path);
    }

    private DirectoryCheckpoint(DirectoryCheckpoint other)
    {
        (Config, _folder, _weights) = (other.Config, other._folder, other._weights);
        _isMapped = true;
    }

    public override PerceiverConfig Config { get; }

    public override PerceiverImageProcessorOptions? ImageProcessor =>
        File.Exists(Path.Combine(_folder, PerceiverImageProcessorOptions.FileName))
            ? PerceiverImageProcessorOptions.FromFile(_folder)
            : null;

    public override PerceiverTokenizerOptions? Tokenizer =>
        PerceiverTokenizer.FileNames.Any(name => File.Exists(Path.Combine(_folder, name)))
            ? PerceiverTokenizer.FromDirectory(_folder).Options
            : null;

    public override string Source => _weights;

    public override PerceiverCheckpoint WithMappedWeights() => _isMapped ? this : new DirectoryCheckpoint(this);

    private protected override PerceiverCheckpointReport LoadInto(
        PerceiverPreTrainedModel model, bool newHead, long seed, PerceiverPrecision precision)
    {
        using var weights = PerceiverCheckpointWeights.Open(_weights, _isMapped);
        return LoadFrom(weights, model, newHead, seed, precision);
    }
}
