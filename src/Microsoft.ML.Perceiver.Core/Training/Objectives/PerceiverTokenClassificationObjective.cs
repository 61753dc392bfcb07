using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A label for each word, with the loss of <see cref="PerceiverForTokenClassification"/>: accuracy and log-loss by word, F1 by span.
/// </summary>
public sealed class PerceiverTokenClassificationObjective : PerceiverObjective<PerceiverTokenExample>
{
    private static readonly PerceiverMetric Accuracy = new("Accuracy", HigherIsBetter: true);
    private static readonly PerceiverMetric LogLoss = new("LogLoss", HigherIsBetter: false);
    private static readonly PerceiverMetric SpanF1 = new("SpanF1", HigherIsBetter: true);
    private readonly PerceiverForTokenClassification _model;
    private readonly PerceiverTrainingOptions _options;
    private readonly TokenSpans _spans;
    private readonly double[]? _classWeights;

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
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        (_model, _options) = (model, options);
        _spans = new TokenSpans(model.Config.LabelNames);
        var targets = training.SelectMany(example => example.Labels).Where(label => label >= 0).Select(label => new float[] { label });
        _classWeights = ClassBalance.Weights(options, PerceiverProblemType.SingleLabel, model.Config.NumLabels, targets);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => _spans.Exist ? [SpanF1, Accuracy, LogLoss] : [Accuracy, LogLoss];

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var examples = rows.Select(row => Training.Read(row, random))
            .Select(example => example with { Ids = ByteMasking.Drop(example.Ids, _options.TokenDropout, random) });
        return LossOf([.. examples], _options.LabelSmoothing).Loss;
    }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        double loss = 0;
        long words = 0, right = 0, spans = 0, foundSpans = 0, rightSpans = 0;
        foreach (var rows in batches)
        {
            PerceiverTokenExample[] examples = [.. rows.Select(r => Validation.Read(r))];
            var (batchLoss, logits) = LossOf(examples, 0);
            long[] best = logits.argmax(-1).cpu().data<long>().ToArray();
            int longest = (int)logits.shape[1], counted = examples.Sum(e => e.Labels.Count(label => label >= 0));
            loss += counted == 0 ? 0 : batchLoss.item<float>() * counted;
            words += counted;
            for (int i = 0; i < examples.Length; i++)
            {
                int[] labels = examples[i].Labels;
                int[] found = [.. labels.Select((label, word) => label < 0 ? label : (int)best[i * longest + word])];
                right += labels.Where((label, word) => label >= 0 && label == found[word]).Count();
                var (expectedSpans, actualSpans) = (_spans.Of(labels), _spans.Of(found));
                spans += expectedSpans.Count;
                foundSpans += actualSpans.Count;
                rightSpans += expectedSpans.Intersect(actualSpans).Count();
            }
        }

        var result = new Dictionary<string, double> { [Accuracy.Name] = right / (double)words, [LogLoss.Name] = loss / words };
        if (_spans.Exist)
            result[SpanF1.Name] = spans + foundSpans == 0 ? 1 : 2.0 * rightSpans / (spans + foundSpans);
        return result;
    }

    private (Tensor Loss, Tensor Logits) LossOf(IReadOnlyList<PerceiverTokenExample> examples, double smoothing)
    {
        var (ids, words, mask) = PerceiverTokenExample.ToTensors(examples, _model.Device);
        var logits = _model.forward(ids, words, mask).Logits.to(ScalarType.Float32);
        var labels = TokenBatch.Pad([.. examples.Select(e => e.Labels)], (int)PerceiverForMaskedLM.IgnoredLabel, _model.Device);
        var weights = _classWeights is null ? null : tensor(_classWeights, logits.dtype, logits.device);
        return (PerceiverForTokenClassification.Loss(logits, labels, weights, smoothing), logits);
    }
}
