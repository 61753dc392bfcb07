using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classification or regression of rows of any kind, with the losses and metrics of the three problem types.</summary>
/// <typeparam name="TRow">What a row is.</typeparam>
public abstract class PerceiverClassificationObjective<TRow> : PerceiverObjective<TRow>
{
    private readonly PerceiverProblemType _problem;
    private readonly int _labels;
    private readonly double _smoothing;
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
        PerceiverClassifier model,
        PerceiverProblemType problem,
        PerceiverRows<TRow> training,
        PerceiverRows<TRow> validation,
        PerceiverTrainingOptions options)
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        _problem = problem;
        _labels = model.Config.NumLabels;
        _smoothing = options.LabelSmoothing;
        if (_smoothing > 0 && problem != PerceiverProblemType.SingleLabel)
            throw new ArgumentException($"{nameof(options.LabelSmoothing)} is for rows of one class each; this is {problem}.");
        _classWeights = ClassBalance.Weights(options, problem, _labels, training.Select(TargetOf));
        if (problem == PerceiverProblemType.Regression)
        {
            _scaling = LabelScaling.OfRows(training.Select(TargetOf), _labels);
            model.Scale(_scaling);
        }

        ValidationMetrics = TargetMetrics.Of(problem, _labels).Metrics;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>(base.Settings) { ["Problem"] = _problem.ToString() };

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics { get; }

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        var metrics = TargetMetrics.Of(_problem, _labels);
        foreach (var rows in batches)
        {
            var examples = rows.Select(r => Validation.Read(r)).ToArray();
            var logits = ValidationLogits(examples);
            if (_problem == PerceiverProblemType.SingleLabel)
                logits = logits.log_softmax(-1);
            float[] values = logits.to(ScalarType.Float32).cpu().data<float>().ToArray();
            // The metrics of a regression are in the labels' unit.
            for (int i = 0; _scaling is not null && i < values.Length; i++)
                values[i] = _scaling.Restore(values[i], i % _labels);
            for (int i = 0; i < examples.Length; i++)
                metrics.Add(values.AsSpan(i * _labels, _labels), TargetOf(examples[i]));
        }

        return metrics.Result();
    }

    /// <summary>The index of a row's class as one number; for a regression its numbers; for several labels 0 or 1 for each.</summary>
    private protected abstract float[] TargetOf(TRow row);

    /// <summary>The scores of rows as they are, float32 [rows, labels].</summary>
    private protected abstract Tensor ValidationLogits(IReadOnlyList<TRow> rows);

    /// <summary>The mean loss of scores against the targets of rows.</summary>
    /// <param name="logits">float32 [rows, labels].</param>
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
        return ClassificationLoss.Compute(logits, targets, _problem, _smoothing, weights);
    }
}
