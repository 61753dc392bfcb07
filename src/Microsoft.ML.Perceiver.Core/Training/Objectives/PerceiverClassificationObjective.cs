using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Classification or regression of rows of any kind, or of the items of a row, with the losses and metrics of the three problem types.
/// </summary>
/// <typeparam name="TRow">What a row is.</typeparam>
public abstract class PerceiverClassificationObjective<TRow> : PerceiverObjective<TRow>, IWarnsOfRows
{
    private readonly PerceiverProblemType _problem;
    private readonly int _labels;
    private readonly double[]? _classWeights;
    private readonly LabelScaling? _scaling;

    /// <summary>For derived classes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="validation">The validation rows; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights and batch size are taken from here.</param>
    /// <exception cref="ArgumentException">An option does not fit the problem.</exception>
    /// <exception cref="InvalidOperationException">A regression's label is no finite number, or the same in all rows.</exception>
    private protected PerceiverClassificationObjective(
        PerceiverPreTrainedModel model,
        PerceiverProblemType problem,
        PerceiverRows<TRow> training,
        PerceiverRows<TRow> validation,
        PerceiverTrainingOptions options)
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        _problem = problem;
        _labels = model.Config.NumLabels;
        Options = options;
        if (options.LabelSmoothing > 0 && problem != PerceiverProblemType.SingleLabel)
            throw new ArgumentException($"{nameof(options.LabelSmoothing)} is for rows of one class each; this is {problem}.");
        _classWeights = ClassBalance.Weights(options, problem, _labels, training.Select(TargetOf));
        if (problem == PerceiverProblemType.SingleLabel && training.Count > 1 && ClassBalance.IsOneClass(training.Select(TargetOf)))
            RowWarning = "All training rows are of one class: the model can only learn to answer with that one.";
        if (problem == PerceiverProblemType.Regression && model is PerceiverClassifier classifier)
        {
            _scaling = LabelScaling.OfRows(training.Select(TargetOf), _labels);
            classifier.Scale(_scaling);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings) { ["Problem"] = _problem.ToString() };

    private protected PerceiverTrainingOptions Options { get; }

    /// <summary>What is odd about the training rows; null for nothing.</summary>
    internal string? RowWarning { get; }

    string? IWarnsOfRows.RowWarning => RowWarning;

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => CreateMetrics().Metrics;

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random) => WeightedBatchLoss(rows, random).Loss;

    /// <inheritdoc/>
    protected override PerceiverWeightedLoss WeightedBatchLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        var examples = rows.Select(r => Training.Read(r, random)).ToArray();
        return new(LossOf(LogitsOf(Array.ConvertAll(examples, row => Vary(row, random))), examples), WeightOf(examples));
    }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        var metrics = CreateMetrics();
        foreach (var rows in batches)
        {
            var examples = rows.Select(r => Validation.Read(r)).ToArray();
            var logits = LogitsOf(examples);
            if (_problem == PerceiverProblemType.SingleLabel)
                logits = logits.log_softmax(-1);
            float[] values = logits.to(ScalarType.Float32).cpu().data<float>().ToArray();
            // The metrics of a regression are in the labels' unit.
            for (int i = 0; _scaling is not null && i < values.Length; i++)
                values[i] = _scaling.Restore(values[i], i % _labels);
            int start = 0;
            foreach (var example in examples)
            {
                float[] target = TargetOf(example);
                int length = _problem == PerceiverProblemType.SingleLabel ? _labels * target.Length : _labels;
                metrics.Add(values.AsSpan(start, length), target);
                start += length;
            }
        }

        return metrics.Result();
    }

    /// <summary>
    /// The index of the class of a row, or of each item of a row, negative for one that does not count; for a regression the row's numbers;
    /// for several labels 0 or 1 for each.
    /// </summary>
    private protected abstract float[] TargetOf(TRow row);

    /// <summary>The scores of rows as they are, or of the items of one row after the other, float32 [rows or items, labels].</summary>
    private protected abstract Tensor LogitsOf(IReadOnlyList<TRow> rows);

    /// <summary>A training row as the model is to read it this time; the target stays the same.</summary>
    private protected virtual TRow Vary(TRow row, PerceiverRandom random) => row;

    /// <summary>What collects the metrics of the validation rows.</summary>
    private protected virtual TargetMetrics CreateMetrics() => TargetMetrics.Of(_problem, _labels);

    /// <summary>The mean loss of scores against the targets of rows.</summary>
    /// <param name="logits">float32 [rows or items, labels].</param>
    /// <param name="rows">The rows whose targets are meant.</param>
    private protected Tensor LossOf(Tensor logits, IEnumerable<TRow> rows)
    {
        float[] values = rows.SelectMany(TargetOf).ToArray();
        if (_scaling is not null)
            values = [.. values.Select((value, i) => _scaling.Standardise(value, i % _labels))];
        var targets = _problem == PerceiverProblemType.SingleLabel
            ? tensor(values.Select(v => (long)v).ToArray(), device: logits.device)
            : tensor(values, logits.shape, device: logits.device);
        var weights = _classWeights is null ? null : tensor(_classWeights, logits.dtype, logits.device);
        return ClassificationLoss.Compute(logits, targets, _problem, Options.LabelSmoothing, weights);
    }

    /// <summary>What the mean of <see cref="LossOf"/> divides by: the rows or items of one class each that count, by its weight.</summary>
    private protected double WeightOf(IReadOnlyCollection<TRow> rows) => _problem == PerceiverProblemType.SingleLabel
        ? rows.SelectMany(TargetOf).Where(target => target >= 0).Sum(target => _classWeights?[(int)target] ?? 1)
        : rows.Count;
}
