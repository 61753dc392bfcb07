using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Quantiles of numbers at coordinates, such as those of a forecast's steps: each label of the model is a quantile, learnt by its pinball
/// loss (Koenker and Bassett 1978), which is the mean absolute error for the median.
/// </summary>
public sealed class PerceiverQuantileObjective : PerceiverObjective<PerceiverArrayExample>
{
    private static readonly PerceiverMetric QuantileLoss = new("QuantileLoss", HigherIsBetter: false);

    private readonly PerceiverForArray _model;
    private readonly double[] _quantiles;
    private readonly float[] _coordinates;
    private readonly int _axes;

    /// <summary>Makes the objective.</summary>
    /// <param name="model">The model, whose output is "coordinates".</param>
    /// <param name="quantiles">The quantile of each label, between 0 and 1.</param>
    /// <param name="outputCoordinates">Where the answers are wanted, one point after the other, the same for all rows.</param>
    /// <param name="training">The training rows; a row's target has a number for each point.</param>
    /// <param name="validation">The validation rows; none for no validation.</param>
    /// <param name="options">The batch size is taken from here.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The model answers in another way, or an argument does not fit it.</exception>
    public PerceiverQuantileObjective(
        PerceiverForArray model,
        IReadOnlyList<double> quantiles,
        IReadOnlyList<float> outputCoordinates,
        PerceiverRows<PerceiverArrayExample> training,
        PerceiverRows<PerceiverArrayExample> validation,
        PerceiverTrainingOptions options)
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        ArgumentNullException.ThrowIfNull(quantiles);
        ArgumentNullException.ThrowIfNull(outputCoordinates);
        options.RefuseUnused("forecasts");
        var settings = model.Config.Array!;
        if (settings.Output != PerceiverArraySettings.CoordinatesOutput)
            throw new ArgumentException($"The objective is for answers at coordinates; array.output is {settings.Output}.", nameof(model));
        if (quantiles.Count != model.Config.NumLabels || !quantiles.All(q => q is > 0 and < 1))
        {
            throw new ArgumentException(
                $"The quantiles are [{string.Join(", ", quantiles)}]; they need {model.Config.NumLabels} numbers between 0 and 1.",
                nameof(quantiles));
        }

        _axes = settings.Resolutions.Count;
        if (outputCoordinates.Count == 0 || outputCoordinates.Count % _axes != 0)
        {
            throw new ArgumentException(
                $"There are {outputCoordinates.Count} coordinates; a point has {_axes}.", nameof(outputCoordinates));
        }

        _model = model;
        _quantiles = [.. quantiles];
        _coordinates = [.. outputCoordinates];
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<PerceiverMetric> ValidationMetrics => [QuantileLoss];

    /// <inheritdoc/>
    protected override Tensor BatchLoss(IReadOnlyList<int> rows, PerceiverRandom random) =>
        LossOf([.. rows.Select(row => Training.Read(row, random))]);

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, double> Validate(IEnumerable<IReadOnlyList<int>> batches, CancellationToken cancellation)
    {
        double sum = 0;
        int count = 0;
        foreach (var rows in batches)
        {
            sum += rows.Count * LossOf([.. rows.Select(row => Validation.Read(row))]).item<float>();
            count += rows.Count;
        }

        return new Dictionary<string, double> { [QuantileLoss.Name] = sum / count };
    }

    private Tensor LossOf(PerceiverArrayExample[] rows)
    {
        int points = _coordinates.Length / _axes;
        var wrong = Array.Find(rows, row => row.Target.Length != points);
        if (wrong is not null)
            throw new ArgumentException($"A row has {wrong.Target.Length} targets; it needs {points}, one for each point.");
        var batch = ArrayBatch.Of(_model.Config.Array!, [.. rows.Select(row => row.Row)], _model.Device);
        var places = tensor(_coordinates, [1, points, _axes], device: _model.Device);
        var answers = _model.forward(batch.Inputs, batch.Mask, coordinates: batch.Coordinates, outputCoordinates: places).Logits;
        var targets = tensor(rows.SelectMany(row => row.Target).ToArray(), [rows.Length, points, 1], device: _model.Device);
        var errors = targets - answers.to(ScalarType.Float32);
        var quantiles = tensor(_quantiles, ScalarType.Float32, _model.Device);
        return maximum(errors * quantiles, errors * quantiles.Minus(1)).mean().Times(2);
    }
}
