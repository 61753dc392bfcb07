using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What the three heads of image classification and regression share; they differ in how an image becomes vectors (section 4.5 and appendix
/// H of the Perceiver IO paper).
/// </summary>
public abstract class PerceiverForImageClassification : PerceiverClassifier
{
    private protected PerceiverForImageClassification(
        PerceiverConfig config,
        string name,
        Func<PerceiverConfig, PerceiverImagePreprocessorOptions> preprocessor,
        bool initialize,
        long seed)
        : base(config, name, () => new PerceiverImagePreprocessor(preprocessor(config)), initialize, seed)
    {
    }

    /// <summary>Scores images.</summary>
    /// <param name="pixelValues">Normalised pixels, floats [batch, 3, height, width].</param>
    /// <param name="attentionMask">1 to read a position and 0 to ignore it, [batch, positions]; null reads all.</param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="labels">
    /// Class indices, int64 [batch]; several labels or numbers, floats [batch, labels]. Their type decides the problem type at the first
    /// call where it is null.
    /// </param>
    /// <returns>The scores, [batch, labels], and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverClassifierOutput forward(
        Tensor pixelValues,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        Tensor? labels = null) =>
        Classify(pixelValues, attentionMask, headMask, outputAttentions, outputHiddenStates, labels);

    /// <summary>As <see cref="forward"/> without labels, with how much of each input reaches the scores by attention.</summary>
    /// <returns>[batch, labels], and float32 [batch, 1, inputs].</returns>
    internal (Tensor Logits, Tensor Attention) Traced(Tensor pixelValues, PerceiverAttentionKind kind) =>
        ClassifyTraced(pixelValues, null, kind);

    /// <summary>Makes the head that a configuration's <see cref="PerceiverConfig.Architectures"/> names.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <returns>The model, on the CPU.</returns>
    /// <exception cref="ArgumentException">It names none of the three, or its numbers do not fit each other.</exception>
    public static PerceiverForImageClassification Create(PerceiverConfig config, bool initialize = true, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        return (PerceiverForImageClassification)ClassOf(config).Create(config, initialize, seed);
    }

    /// <summary>
    /// Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> or Hugging Face wrote, of any of the three heads.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForImageClassification FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => Create(c, initialize: false)).Model;

    /// <summary>The preprocessor of the head that a configuration's architecture names, for a model without that head.</summary>
    /// <exception cref="ArgumentException">It names none of the three.</exception>
    internal static PerceiverImagePreprocessor CreatePreprocessor(PerceiverConfig config) =>
        new(ClassOf(config).ImagePreprocessor!(config));

    // What the image processor of the checkpoint makes; a configuration has another size where the head does not read it.
    private protected override OnnxExtents OnnxExtents =>
        this is not PerceiverForImageClassificationLearned && LoadedInputs.ImageProcessor is { DoResize: true, Size: var size }
            ? OnnxExtents.Of(Config) with { Height = size.Height, Width = size.Width }
            : OnnxExtents.Of(Config);

    private protected override ModelInputs DefaultInputs => ModelInputs.Image(Config);

    private static HeadClass ClassOf(PerceiverConfig config)
    {
        if (HeadClass.Of(config) is { ImagePreprocessor: not null } head)
            return head;
        throw new ArgumentException(
            $"The configuration's architecture is {HeadClass.Described(config)}; "
            + $"an image classifier is {nameof(PerceiverForImageClassificationLearned)}, "
            + $"{nameof(PerceiverForImageClassificationFourier)} or {nameof(PerceiverForImageClassificationConvProcessing)}.",
            nameof(config));
    }
}
