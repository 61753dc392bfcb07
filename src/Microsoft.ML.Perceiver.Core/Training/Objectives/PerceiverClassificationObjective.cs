using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Classes, labels or numbers, with the three losses and their metrics, from whatever a derived class reads.</summary>
public abstract class PerceiverClassificationObjective : IPerceiverObjective
{
    private readonly PerceiverClassifier _model;
    private readonly PerceiverProblemType _problem;
    private readonly IReadOnlyList<float[]> _training;
    private readonly IReadOnlyList<float[]> _validation;
    private readonly PerceiverTrainingOptions _options;
    private readonly double[]? _classWeights;

    /// <summary>For derived classes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="problem">Which loss.</param>
    /// <param name="training">The target of each training row: the index of its class as one number; numbers; or 0 or 1 for each label.</param>
    /// <param name="validation">The target of each validation row; none for no validation.</param>
    /// <param name="options">Label smoothing, class weights and batch size are taken from here.</param>
    /// <exception cref="ArgumentException">An option does not fit the problem.</exception>
    private protected PerceiverClassificationObjective(
        PerceiverClassifier model, PerceiverProblemType problem, IReadOnlyList<float[]> training, IReadOnlyList<float[]> validation, PerceiverTrainingOptions options)
    {
        _model = model;
        _problem = problem;
        _training = training;
        _validation = validation;
        _options = options;
        if (options.LabelSmoothing > 0 && problem != PerceiverProblemType.SingleLabel)
            throw new ArgumentException($"{nameof(PerceiverTrainingOptions.LabelSmoothing)} is for rows of one class each; this is {problem}.");
        _classWeights = ClassBalance.Weights(options, problem, model.Config.NumLabels, training);
    }

    /// <inheritdoc/>
    public nn.Module Model => _model;

    /// <inheritdoc/>
    public int RowCount => _training.Count;

    /// <inheritdoc/>
    public string MonitorMetric => _problem switch
    {
        PerceiverProblemType.Regression => RegressionMetrics.RootMeanSquaredError,
        PerceiverProblemType.SingleLabel => ClassificationMetrics.Accuracy,
        _ => MultiLabelMetrics.MicroF1,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> MetricNames => _validation.Count == 0 ? [] : _problem switch
    {
        PerceiverProblemType.Regression => RegressionMetrics.Names,
        PerceiverProblemType.SingleLabel => ClassificationMetrics.Names,
        _ => MultiLabelMetrics.Names,
    };

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Problem"] = _problem.ToString(),
        ["TrainingData"] = FingerprintOf(_training, validation: false),
        ["ValidationData"] = FingerprintOf(_validation, validation: true),
    };

    /// <inheritdoc/>
    public abstract int LengthOf(int row);

    /// <inheritdoc/>
    public bool HigherIsBetter(string metric) =>
        metric is not (ClassificationMetrics.LogLoss or RegressionMetrics.RootMeanSquaredError or RegressionMetrics.MeanAbsoluteError);

    /// <inheritdoc/>
    public Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        return TrainingLoss(rows, random).MoveToOuterDisposeScope();
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
        foreach (int[] batch in LengthBuckets.Sorted(_validation.Count, _options.BatchSize, ValidationLengthOf))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var logits = ValidationLogits(batch);
            var scores = _problem == PerceiverProblemType.SingleLabel ? logits.log_softmax(-1) : logits;
            float[] values = scores.to(ScalarType.Float32).cpu().data<float>().ToArray();
            for (int i = 0; i < batch.Length; i++)
            {
                float[] target = _validation[batch[i]];
                var row = values.AsSpan(i * width, width);
                switch (_problem)
                {
                    case PerceiverProblemType.SingleLabel:
                        classes.Add(row, (int)target[0]);
                        break;
                    case PerceiverProblemType.MultiLabel:
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
            PerceiverProblemType.SingleLabel => classes.Result(),
            PerceiverProblemType.MultiLabel => labels.Result(),
            _ => numbers.Result(),
        };
    }

    /// <summary>The mean loss of some training rows; what it allocates is released by the caller.</summary>
    private protected abstract Tensor TrainingLoss(IReadOnlyList<int> rows, PerceiverRandom random);

    /// <summary>The scores of some validation rows in float32, [rows, labels].</summary>
    private protected abstract Tensor ValidationLogits(IReadOnlyList<int> rows);

    private protected abstract int ValidationLengthOf(int row);

    /// <summary>What the model reads of a row.</summary>
    private protected abstract ReadOnlySpan<byte> ContentOf(int row, bool validation);

    /// <summary>The mean loss of scores against the targets of training rows.</summary>
    /// <param name="logits">float32 [rows, labels].</param>
    /// <param name="rows">The rows whose targets are meant.</param>
    private protected Tensor LossOf(Tensor logits, IEnumerable<int> rows)
    {
        float[] values = rows.SelectMany(r => _training[r]).ToArray();
        var targets = _problem == PerceiverProblemType.SingleLabel
            ? tensor(values.Select(v => (long)v).ToArray(), device: logits.device)
            : tensor(values, logits.shape, device: logits.device);
        var weights = _classWeights is null ? null : tensor(_classWeights, logits.dtype, logits.device);
        return ClassificationLoss.Compute(logits, targets, _problem, _options.LabelSmoothing, weights);
    }

    private string FingerprintOf(IReadOnlyList<float[]> targets, bool validation)
    {
        using var fingerprint = new DataFingerprint();
        foreach (float[] target in targets)
            fingerprint.Add<float>(target);
        foreach (int row in DataFingerprint.Sample(targets.Count))
            fingerprint.Add(ContentOf(row, validation));
        return fingerprint.Finish();
    }

    /// <summary>The argument itself, for what a constructor hands to its base.</summary>
    private protected static T NotNull<T>(T argument, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(argument))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }

    /// <summary>Where the model's numbers lie.</summary>
    private protected Device Device => _model.Perceiver.parameters().First().device;
}
