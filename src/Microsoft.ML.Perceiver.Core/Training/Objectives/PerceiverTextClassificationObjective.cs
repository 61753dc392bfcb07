using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classification or regression of texts, with the losses of <see cref="PerceiverForSequenceClassification"/>.</summary>
public sealed class PerceiverTextClassificationObjective : PerceiverClassificationObjective<PerceiverTextExample>
{
    private readonly PerceiverForSequenceClassification _model;

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
        : base(model, problem, training, validation, options) => _model = model;

    private protected override float[] TargetOf(PerceiverTextExample row) => row.Target;

    private protected override PerceiverTextExample Vary(PerceiverTextExample row, PerceiverRandom random) =>
        row with { Ids = ByteMasking.Drop(row.Ids, Options.TokenDropout, random) };

    private protected override Tensor LogitsOf(IReadOnlyList<PerceiverTextExample> rows)
    {
        var (ids, mask) = TokenBatch.ToTensors([.. rows.Select(row => row.Ids)], _model.Device);
        return _model.forward(ids, mask).Logits.to(ScalarType.Float32);
    }
}
