using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Classification and regression of arrays of any kind: series, grids, films, tables, and points with coordinates. It has one answer for a
/// row, an answer for each input vector, or answers at coordinates that the caller gives (a forecast, a field), as
/// <see cref="PerceiverConfig.Array"/> says. The reference has no such class; the parts are those of the other heads.
/// </summary>
public sealed class PerceiverForArray : PerceiverClassifier
{
    /// <summary>Makes the model.</summary>
    /// <param name="config">
    /// The configuration with <see cref="PerceiverConfig.Array"/>; its labels give the width of an answer.
    /// </param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration has no array, or its numbers do not fit each other.</exception>
    public PerceiverForArray(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(
            config,
            nameof(PerceiverForArray),
            () => new PerceiverArrayPreprocessor(SettingsOf(config)),
            initialize,
            seed,
            preprocessor => SettingsOf(config).Output == PerceiverArraySettings.PooledOutput
                ? PerceiverClassificationDecoder.ForHead(config)
                : new ArrayDecoder(config, preprocessor)) =>
        Preprocessor.VectorType = () => WeightType;

    /// <summary>Makes the input vectors.</summary>
    internal PerceiverArrayPreprocessor Preprocessor => (PerceiverArrayPreprocessor)_perceiver.InputPreprocessor!;

    private PerceiverArraySettings Settings => Config.Array!;

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> wrote.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForArray FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => new PerceiverForArray(c, initialize: false)).Model;

    /// <summary>Scores arrays.</summary>
    /// <param name="inputs">
    /// Finite floats [batch, axes..., channels], with the axes of <see cref="PerceiverArraySettings.InputShape"/>, of which the first may
    /// be shorter; points are [batch, points, channels]. They are standardised here, in the precision in which they come; give float32 in
    /// any precision of the model.
    /// </param>
    /// <param name="attentionMask">
    /// 1 to read an input vector and 0 to ignore it, [batch, vectors], or [batch, vectors along the first axis]; each row needs a 1. Null
    /// reads all.
    /// </param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="labels">
    /// Class indices, int64 [batch], or [batch, answers], where <see cref="PerceiverForMaskedLM.IgnoredLabel"/> does not count; several
    /// labels or numbers, floats of the scores' shape, or without the last axis for one number. Answers of input vectors that the mask
    /// drops do not count. Their type decides <see cref="PerceiverProblemType"/> at the first call where it is null.
    /// </param>
    /// <param name="coordinates">The coordinates of points, floats [batch, points, coordinates] from -1 to 1; null for arrays.</param>
    /// <param name="outputCoordinates">
    /// Where answers are wanted, floats [1 or batch, answers, coordinates] from -1, the first input vector of an axis, to 1, its last one;
    /// null unless the output is "coordinates".
    /// </param>
    /// <returns>The scores, [batch, labels], or [batch, answers, labels], and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor is missing, or has the wrong shape or type; the message says which.</exception>
    public PerceiverClassifierOutput forward(
        Tensor inputs,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        Tensor? labels = null,
        Tensor? coordinates = null,
        Tensor? outputCoordinates = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (coordinates is null == Settings.HasCoordinates)
        {
            throw new ArgumentException(
                Settings.HasCoordinates
                    ? "The model reads points; their coordinates are missing."
                    : "The model reads arrays; their elements have no coordinates.",
                nameof(coordinates));
        }

        if (outputCoordinates is not null && Settings.Output == PerceiverArraySettings.PooledOutput)
            throw new ArgumentException("The model has one answer for a row; it takes no output coordinates.", nameof(outputCoordinates));
        using var scope = NewDisposeScope();
        var read = coordinates is null
            ? new PerceiverInputs(inputs)
            : new PerceiverInputs(new Dictionary<string, Tensor>
            {
                [PerceiverArrayPreprocessor.Values] = inputs,
                [PerceiverArrayPreprocessor.Coordinates] = coordinates,
            });
        PerceiverInputs? points = outputCoordinates is null ? default(PerceiverInputs?) : new PerceiverInputs(outputCoordinates);
        var mask = OverVectors(attentionMask, inputs);
        var result = Classify(read, mask, headMask, outputAttentions, outputHiddenStates, labels, points);
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>As <see cref="forward"/> without labels, with how much of each input reaches the scores by attention.</summary>
    /// <returns>[batch, labels], and float32 [batch, 1, inputs].</returns>
    internal (Tensor Logits, Tensor Attention) Traced(Tensor inputs, Tensor? attentionMask, PerceiverAttentionKind kind) =>
        ClassifyTraced(inputs, OverVectors(attentionMask, inputs), kind);

    private protected override void InitializeLocally(
        PerceiverInitialization initialization, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        if (initialization == PerceiverInitialization.LocalArray)
            LocalArrayInitializer.Apply(Config, weights, generator);
        else
            base.InitializeLocally(initialization, weights, generator);
    }

    private protected override string SavedModelType => PerceiverConfig.ArrayModelType;

    private protected override OnnxInputs? PointsToOnnx(OnnxBuilder builder) =>
        Settings.Output == PerceiverArraySettings.CoordinatesOutput
            ? builder.Input("output_coordinates", OnnxElement.Float, "batch", "answers", Settings.Resolutions.Count)
            : default(OnnxInputs?);

    private protected override Tensor LossOf(Tensor logits, Tensor labels, Tensor? attentionMask, PerceiverProblemType problem)
    {
        if (logits.dim() == 2)
            return base.LossOf(logits, labels, attentionMask, problem);
        bool isIndex = problem == PerceiverProblemType.SingleLabel;
        bool hasNoAxis = isIndex || (Config.NumLabels == 1 && labels.dim() == 2);
        long[] needed = hasNoAxis ? logits.shape[..2] : logits.shape;
        if (!labels.shape.AsSpan().SequenceEqual(needed))
        {
            throw new ArgumentException(
                $"The labels have the shape [{string.Join(", ", labels.shape)}]; they need [{string.Join(", ", needed)}].", nameof(labels));
        }

        var (flat, targets) = (logits.flatten(0, 1), hasNoAxis && !isIndex ? labels.unsqueeze(-1) : labels);
        targets = targets.flatten(0, 1);
        if (attentionMask is not null && Settings.Output == PerceiverArraySettings.PositionsOutput)
        {
            var counted = attentionMask.to(logits.device).ne(Scalars.Kept(0)).expand(logits.shape[0], -1).flatten();
            (flat, targets) = (flat[counted], targets[counted]);
        }

        return ClassificationLoss.Compute(flat, targets, problem);
    }

    // A mask along the first axis is that of all vectors behind each place of it.
    private Tensor? OverVectors(Tensor? mask, Tensor inputs)
    {
        if (mask is null || mask.dim() != 2 || inputs.dim() != Settings.InputShape.Count + 2)
            return mask;
        var (all, first) = Preprocessor.VectorsOf(inputs.shape);
        return mask.shape[1] == first && first != all ? mask.repeat_interleave(all / first, 1) : mask;
    }

    private static PerceiverArraySettings SettingsOf(PerceiverConfig config) => config.Array
        ?? throw new ArgumentException($"The configuration has no 'array', which {nameof(PerceiverForArray)} needs.", nameof(config));
}
