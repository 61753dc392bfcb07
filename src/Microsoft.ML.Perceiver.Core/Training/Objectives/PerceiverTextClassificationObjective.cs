using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classification or regression of texts, with the losses of <see cref="PerceiverForSequenceClassification"/>.</summary>
public sealed class PerceiverTextClassificationObjective : PerceiverClassificationObjective<PerceiverTextExample>
{
    private readonly PerceiverForSequenceClassification _model;
    private readonly PerceiverTextAugmentation? _augmentation;
    private readonly TextVariation? _variation;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training texts.</param>
    /// <param name="validation">The validation texts; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights, token dropout and batch size are taken from here.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The class weights do not fit the labels, or an option does not fit the problem.</exception>
    public PerceiverTextClassificationObjective(
        PerceiverForSequenceClassification model,
        PerceiverProblemType problem,
        PerceiverRows<PerceiverTextExample> training,
        PerceiverRows<PerceiverTextExample> validation,
        PerceiverTrainingOptions options)
        : this(model, problem, training, validation, options, augmentation: null)
    {
    }

    /// <summary>Makes the objective, whose training texts are varied.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training texts.</param>
    /// <param name="validation">The validation texts, which are not varied; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights, token dropout and batch size are taken from here.</param>
    /// <param name="augmentation">How a training text is varied each time it is read; null leaves it as it is.</param>
    /// <exception cref="ArgumentNullException">Another argument is null.</exception>
    /// <exception cref="ArgumentException">The class weights do not fit the labels, or an option does not fit the problem.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting of the augmentation is out of range.</exception>
    public PerceiverTextClassificationObjective(
        PerceiverForSequenceClassification model,
        PerceiverProblemType problem,
        PerceiverRows<PerceiverTextExample> training,
        PerceiverRows<PerceiverTextExample> validation,
        PerceiverTrainingOptions options,
        PerceiverTextAugmentation? augmentation)
        : base(model, problem, training, validation, options)
    {
        _model = model;
        _augmentation = augmentation;
        augmentation?.Validate();
        if (augmentation is not null)
            _variation = new TextVariation(augmentation, model.Config.MaxPositionEmbeddings);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings => _augmentation is null
        ? base.Settings
        : new Dictionary<string, string>(base.Settings) { ["Augmentation"] = _augmentation.ToString() };

    private protected override float[] TargetOf(PerceiverTextExample row) => row.Target;

    private protected override PerceiverTextExample Vary(PerceiverTextExample row, PerceiverRandom random) =>
        row with { Ids = ByteMasking.Drop(_variation?.Vary(row.Ids, random) ?? row.Ids, Options.TokenDropout, random) };

    private protected override Tensor LogitsOf(IReadOnlyList<PerceiverTextExample> rows)
    {
        var (ids, mask) = TokenBatch.ToTensors([.. rows.Select(row => row.Ids)], _model.Device);
        return _model.forward(ids, mask).Logits.to(ScalarType.Float32);
    }
}
