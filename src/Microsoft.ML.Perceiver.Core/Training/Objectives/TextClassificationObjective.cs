using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classes, labels or numbers from texts, with the losses of <see cref="PerceiverForSequenceClassification"/>.</summary>
public sealed class TextClassificationObjective : ITrainingObjective
{
    private const int MaskId = 3;
    private const int FirstByteId = 6;
    private readonly PerceiverForSequenceClassification _model;
    private readonly IReadOnlyList<TextExample> _training;
    private readonly IReadOnlyList<TextExample> _validation;
    private readonly ProblemType _problem;
    private readonly PerceiverTrainingOptions _options;
    private readonly double[]? _classWeights;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The training texts.</param>
    /// <param name="validation">The validation texts; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights, token dropout and batch size are taken from here.</param>
    /// <exception cref="ArgumentException">The class weights do not fit the labels, or there are no classes to weigh.</exception>
    public TextClassificationObjective(
        PerceiverForSequenceClassification model,
        ProblemType problem,
        IReadOnlyList<TextExample> training,
        IReadOnlyList<TextExample> validation,
        PerceiverTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        ArgumentNullException.ThrowIfNull(options);
        _model = model;
        _problem = problem;
        _training = training;
        _validation = validation;
        _options = options;
        _classWeights = ClassBalance.Weights(options, problem, model.Config.NumLabels, training);
    }

    /// <inheritdoc/>
    public nn.Module Model => _model;

    /// <inheritdoc/>
    public int RowCount => _training.Count;

    /// <inheritdoc/>
    public string MonitorMetric => _problem switch
    {
        ProblemType.Regression => RegressionMetrics.RootMeanSquaredError,
        ProblemType.SingleLabel => ClassificationMetrics.Accuracy,
        _ => MultiLabelMetrics.MicroF1,
    };

    /// <inheritdoc/>
    public int LengthOf(int row) => _training[row].Ids.Length;

    /// <inheritdoc/>
    public bool HigherIsBetter(string metric) =>
        metric is not (ClassificationMetrics.LogLoss or RegressionMetrics.RootMeanSquaredError or RegressionMetrics.MeanAbsoluteError);

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<int> rows, TrainingRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        int[][] ids = rows.Select(r => Masked(_training[r].Ids, random)).ToArray();
        var logits = Logits(ids);
        var targets = Targets(rows.Select(r => _training[r]), logits);
        var weights = _classWeights is null ? null : tensor(_classWeights, logits.dtype, logits.device);
        return ClassificationLoss.Compute(logits, targets, _problem, _options.LabelSmoothing, weights).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        if (_validation.Count == 0)
            return new Dictionary<string, double>();
        var classes = new ClassificationMetrics(_model.Config.NumLabels);
        var numbers = new RegressionMetrics();
        var labels = new MultiLabelMetrics();
        int width = _model.Config.NumLabels;
        foreach (int[] batch in LengthBuckets.Sorted(_validation.Count, _options.BatchSize, i => _validation[i].Ids.Length))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var logits = Logits(batch.Select(i => _validation[i].Ids).ToArray());
            var scores = _problem == ProblemType.SingleLabel ? logits.log_softmax(-1) : logits;
            float[] values = scores.to(ScalarType.Float32).cpu().data<float>().ToArray();
            for (int i = 0; i < batch.Length; i++)
            {
                float[] target = _validation[batch[i]].Target;
                var row = values.AsSpan(i * width, width);
                switch (_problem)
                {
                    case ProblemType.SingleLabel:
                        classes.Add(row, (int)target[0]);
                        break;
                    case ProblemType.MultiLabel:
                        labels.Add(row, target);
                        break;
                    default:
                        for (int j = 0; j < width; j++)
                            numbers.Add(row[j], target[j]);
                        break;
                }
            }
        }

        return _problem switch
        {
            ProblemType.SingleLabel => classes.Result(),
            ProblemType.MultiLabel => labels.Result(),
            _ => numbers.Result(),
        };
    }

    private Tensor Logits(IReadOnlyList<int[]> texts)
    {
        var (ids, mask) = TokenBatch.ToTensors(texts, _model.Perceiver.parameters().First().device);
        return _model.forward(ids, mask).Logits.to(ScalarType.Float32);
    }

    private Tensor Targets(IEnumerable<TextExample> examples, Tensor logits)
    {
        float[] values = examples.SelectMany(e => e.Target).ToArray();
        return _problem == ProblemType.SingleLabel
            ? tensor(values.Select(v => (long)v).ToArray(), device: logits.device)
            : tensor(values, logits.shape, device: logits.device);
    }

    private int[] Masked(int[] ids, TrainingRandom random)
    {
        if (_options.TokenDropout == 0)
            return ids;
        int[] masked = [.. ids];
        for (int i = 0; i < masked.Length; i++)
        {
            if (masked[i] >= FirstByteId && random.NextDouble() < _options.TokenDropout)
                masked[i] = MaskId;
        }

        return masked;
    }
}
