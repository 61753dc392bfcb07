using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What all classification heads share: one trainable query, the labels of the configuration, and the three losses.</summary>
public abstract class PerceiverClassifier : PerceiverPreTrainedModel
{
    // Not private, as TorchSharp would not find a base class's private field.
    [ComponentName(Name = "perceiver")] private protected readonly PerceiverModel _perceiver;

    private protected PerceiverClassifier(
        PerceiverConfig config,
        string name,
        Func<PerceiverPreprocessor> createPreprocessor,
        bool initialize,
        long seed,
        Func<PerceiverPreprocessor, PerceiverDecoder>? createDecoder = null)
        : base(config, name)
    {
        ProblemType = ClassificationLoss.FromName(config.ProblemType);
        var preprocessor = createPreprocessor();
        var decoder = createDecoder?.Invoke(preprocessor) ?? PerceiverClassificationDecoder.ForHead(config);
        _perceiver = new PerceiverModel(config, decoder, preprocessor, initialize: false);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its preprocessor and decoder.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>
    /// The loss of labels; null until the configuration or the first call with labels decides it. It is kept in the configuration.
    /// </summary>
    public PerceiverProblemType? ProblemType { get; private set; }

    /// <summary>
    /// The numbers of a regression in the unit of the labels that it was trained on, where the configuration has their
    /// <see cref="PerceiverConfig.LabelMeans"/>; else, and for other problems, the logits as they are.
    /// </summary>
    /// <param name="logits">What the model gave, [batch, labels].</param>
    /// <returns>float32 [batch, labels].</returns>
    public Tensor InLabelUnits(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        return LabelScaling.Of(Config) is { } scaling ? scaling.Restore(logits) : logits.to(ScalarType.Float32);
    }

    /// <summary>
    /// Gives the standardised numbers of other labels from now on. Where the model has a scaling the output layer is changed, so that its
    /// numbers stay the same in the labels' unit; an output layer without one is random.
    /// </summary>
    internal void Scale(LabelScaling scaling)
    {
        if (LabelScaling.Of(Config) is { } before)
            Rescale(before, scaling);
        Config = Config with { LabelMeans = scaling.Means, LabelDeviations = scaling.Deviations };
    }

    internal override void KeepLabelUnits(IReadOnlyList<string> loaded)
    {
        bool isRegression = ProblemType is PerceiverProblemType.Regression || (ProblemType is null && Config.NumLabels == 1);
        bool hasOutput = PerceiverModuleParameters.OwnedWithNames(this)
            .Any(p => p.Owner is PerceiverLinear { GivesLabels: true } && loaded.Contains(p.Name));
        if (isRegression && hasOutput && Config.LabelMeans is null)
            Scale(LabelScaling.Identity(Config.NumLabels));
    }

    private void Rescale(LabelScaling before, LabelScaling after)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var output = modules().OfType<PerceiverLinear>().Single(layer => layer.GivesLabels);
        double[] factors = [.. before.Deviations.Zip(after.Deviations, (from, to) => from / to)];
        double[] offsets = [.. before.Means.Select((mean, i) => (mean - after.Means[i]) / after.Deviations[i])];
        var factor = tensor(factors, output.Weight.dtype, output.Weight.device);
        output.Weight.mul_(factor.unsqueeze(-1));
        output.Bias.mul_(factor).add_(tensor(offsets, output.Bias.dtype, output.Bias.device), Scalars.One);
    }

    /// <inheritdoc/>
    /// <remarks>The logits of a regression are in the labels' unit, as those of <see cref="InLabelUnits"/>.</remarks>
    internal override void ToOnnx(OnnxExport export)
    {
        export.Labels = Config.LabelNames;
        var builder = export.NewGraph();
        var encoded = _perceiver.EncodeToOnnx(builder, OnnxExtents);
        var decoder = _perceiver.Decoder!;
        var logits = decoder.ToOnnx(builder, decoder.QueryToOnnx(builder, encoded.Preprocessed, PointsToOnnx(builder)), encoded.Latents);
        builder.Output("logits", LabelScaling.Of(Config)?.ToOnnx(builder, logits) ?? logits);
    }

    /// <summary>Where answers are wanted, as an input of a graph; null for a head that has one answer, or one for each input.</summary>
    private protected virtual OnnxInputs? PointsToOnnx(OnnxBuilder builder) => null;

    /// <summary>The extents of a graph's inputs where no option says otherwise.</summary>
    private protected virtual OnnxExtents OnnxExtents => OnnxExtents.Of(Config);

    private protected override PerceiverConfig SavedLabels(PerceiverConfig config) =>
        config.IdToLabel is null ? config.WithLabels(config.LabelNames) : config;

    // It is put into the configuration too, as in the reference, so that it is saved with the model.
    private void SetProblemType(PerceiverProblemType problem)
    {
        ProblemType = problem;
        Config = Config with { ProblemType = ClassificationLoss.NameOf(problem) };
    }

    /// <summary>The loss of labels.</summary>
    /// <param name="logits">What the decoder gave.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="attentionMask">The mask of the inputs, for a head whose outputs it concerns.</param>
    /// <param name="problem">Which loss.</param>
    private protected virtual Tensor LossOf(Tensor logits, Tensor labels, Tensor? attentionMask, PerceiverProblemType problem) =>
        ClassificationLoss.Compute(logits, labels, problem);

    /// <summary>Logits, and how much of each input reaches them by attention, of one pass without gradients.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="attentionMask">Their mask; null reads all.</param>
    /// <param name="kind">Which attentions count.</param>
    /// <returns>[batch, labels], and float32 [batch, 1, inputs].</returns>
    private protected (Tensor Logits, Tensor Attention) ClassifyTraced(
        PerceiverInputs inputs, Tensor? attentionMask, PerceiverAttentionKind kind)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var trace = new AttentionTrace(kind);
        var output = _perceiver.Run(inputs, attentionMask, null, outputAttentions: false, outputHiddenStates: false, trace: trace);
        return (output.Logits!.MoveToOuterDisposeScope(), trace.Weights.alias().MoveToOuterDisposeScope());
    }

    private protected PerceiverClassifierOutput Classify(
        PerceiverInputs inputs,
        Tensor? attentionMask,
        Tensor? headMask,
        bool? outputAttentions,
        bool? outputHiddenStates,
        Tensor? labels,
        PerceiverInputs? points = null)
    {
        using var scope = NewDisposeScope();
        var output = _perceiver.forward(inputs, attentionMask, headMask, outputAttentions, outputHiddenStates, points);
        if (labels is not null && ProblemType is null)
            SetProblemType(ClassificationLoss.Infer(Config.NumLabels, labels));
        var result = new PerceiverClassifierOutput
        {
            Loss = labels is null ? null : LossOf(output.Logits!, labels, attentionMask, ProblemType!.Value),
            Logits = output.Logits!,
            HiddenStates = output.HiddenStates,
            Attentions = output.Attentions,
            CrossAttentions = output.CrossAttentions,
        };
        result.MoveToOuterDisposeScope();
        return result;
    }
}
