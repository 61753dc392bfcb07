using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classification or regression of texts, with the losses of <see cref="PerceiverForSequenceClassification"/>.</summary>
public sealed class PerceiverTextClassificationObjective : PerceiverClassificationObjective<PerceiverTextExample>
{
    private readonly PerceiverForSequenceClassification _model;
    private readonly double _tokenDropout;

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
        : base(model, problem, training, validation, options)
    {
        _model = model;
        _tokenDropout = options.TokenDropout;
    }

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var examples = rows.Select(r => Training.Read(r, random)).ToArray();
        return LossOf(Logits(examples.Select(e => ByteMasking.Drop(e.Ids, _tokenDropout, random))), examples);
    }

    private protected override float[] TargetOf(PerceiverTextExample row) => row.Target;

    private protected override Tensor ValidationLogits(IReadOnlyList<PerceiverTextExample> rows) => Logits(rows.Select(r => r.Ids));

    private Tensor Logits(IEnumerable<int[]> texts)
    {
        var (ids, mask) = TokenBatch.ToTensors(texts.ToArray(), _model.Device);
        return _model.forward(ids, mask).Logits.to(ScalarType.Float32);
    }
}
