namespace Microsoft.ML.Perceiver;

/// <summary>A model in memory as a checkpoint.</summary>
/// <param name="model">The model.</param>
/// <param name="inputs">The settings of what stands before it.</param>
/// <param name="source">Where it comes from, for messages.</param>
/// <param name="use">Keeps the model for as long as its weights are read; fails where it was disposed.</param>
internal sealed class ModelCheckpoint(PerceiverPreTrainedModel model, ModelInputs inputs, string source, Func<IDisposable> use)
    : PerceiverCheckpoint
{
    public override PerceiverConfig Config { get; } = model.SavedConfig();

    public override PerceiverImageProcessorOptions? ImageProcessor => inputs.ImageProcessor;

    public override PerceiverTokenizerOptions? Tokenizer => inputs.Tokenizer;

    public override string Source => source;

    private protected override PerceiverCheckpointReport LoadInto(
        PerceiverPreTrainedModel target, bool newHead, long seed, PerceiverPrecision precision)
    {
        using var kept = use();
        return LoadFrom(new ModelTensors(model, source), target, newHead, seed, precision);
    }
}
