using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A label for each word, with the loss of <see cref="PerceiverForTokenClassification"/>: accuracy and log-loss by word, F1 by span.
/// </summary>
public sealed class PerceiverTokenClassificationObjective : PerceiverClassificationObjective<PerceiverTokenExample>
{
    private readonly PerceiverForTokenClassification _model;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The validation rows; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights, token dropout and batch size are taken from here.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The class weights do not fit the labels.</exception>
    public PerceiverTokenClassificationObjective(
        PerceiverForTokenClassification model,
        PerceiverRows<PerceiverTokenExample> training,
        PerceiverRows<PerceiverTokenExample> validation,
        PerceiverTrainingOptions options)
        : base(model, PerceiverProblemType.SingleLabel, training, validation, options) => _model = model;

    private protected override float[] TargetOf(PerceiverTokenExample row) => Array.ConvertAll(row.Labels, label => (float)label);

    private protected override PerceiverTokenExample Vary(PerceiverTokenExample row, PerceiverRandom random) =>
        row with { Ids = ByteMasking.Drop(row.Ids, Options.TokenDropout, random) };

    private protected override Tensor LogitsOf(IReadOnlyList<PerceiverTokenExample> rows)
    {
        var (ids, words, mask) = PerceiverTokenExample.ToTensors(rows, _model.Device);
        var logits = _model.forward(ids, words, mask).Logits.to(ScalarType.Float32);
        return cat([.. rows.Select((row, i) => logits[i].narrow(0, 0, row.Labels.Length))]);
    }

    private protected override TargetMetrics CreateMetrics() => new SpanMetrics(_model.Config.LabelNames);

    /// <summary>Accuracy and log-loss by word; and F1 by span, where the labels tell spans.</summary>
    private sealed class SpanMetrics(IReadOnlyList<string> labels) : ClassificationMetrics(labels.Count)
    {
        private static readonly PerceiverMetric SpanF1 = new("SpanF1", HigherIsBetter: true);
        private readonly TokenSpans _spans = new(labels);
        private long _expected, _found, _right;

        internal override IReadOnlyList<PerceiverMetric> Metrics => _spans.Exist ? [SpanF1, Accuracy, LogLoss] : [Accuracy, LogLoss];

        internal override void Add(ReadOnlySpan<float> logProbabilities, ReadOnlySpan<float> target)
        {
            base.Add(logProbabilities, target);
            int[] expected = Array.ConvertAll(target.ToArray(), label => (int)label);
            int[] found = Argmax.OfRows(logProbabilities, labels.Count);
            // A word without a label is outside of any span, whatever the model finds.
            var expectedSpans = _spans.Of(expected);
            var foundSpans = _spans.Of([.. found.Zip(expected, (best, label) => label < 0 ? label : best)]);
            _expected += expectedSpans.Count;
            _found += foundSpans.Count;
            _right += expectedSpans.Intersect(foundSpans).Count();
        }

        internal override IReadOnlyDictionary<string, double> Result()
        {
            double f1 = _expected + _found == 0 ? 1 : 2.0 * _right / (_expected + _found);
            var byWord = base.Result();
            return Metrics.ToDictionary(metric => metric.Name, metric => metric == SpanF1 ? f1 : byWord[metric.Name]);
        }
    }
}
