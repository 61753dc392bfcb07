namespace Microsoft.ML.Perceiver;

/// <summary>Errors of a regression over a data set, number by number.</summary>
internal sealed class RegressionMetrics : TargetMetrics
{
    private static readonly PerceiverMetric MeanAbsoluteError = new("MeanAbsoluteError", HigherIsBetter: false);
    private static readonly PerceiverMetric RootMeanSquaredError = new("RootMeanSquaredError", HigherIsBetter: false);
    private static readonly PerceiverMetric RSquared = new("RSquared", HigherIsBetter: true);
    private long _count;
    private double _absolute;
    private double _squared;
    private double _mean;
    private double _spread;

    internal override IReadOnlyList<PerceiverMetric> Metrics { get; } = [RootMeanSquaredError, MeanAbsoluteError, RSquared];

    internal override void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < predicted.Length; i++)
            Add(predicted[i], actual[i]);
    }

    internal void Add(double predicted, double actual)
    {
        double error = predicted - actual;
        _absolute += Math.Abs(error);
        _squared += error * error;
        // Welford's update, which stays exact where the mean is large.
        double fromMean = actual - _mean;
        _mean += fromMean / ++_count;
        _spread += fromMean * (actual - _mean);
    }

    internal override IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [MeanAbsoluteError.Name] = _absolute / _count,
        [RootMeanSquaredError.Name] = Math.Sqrt(_squared / _count),
        [RSquared.Name] = _spread == 0 ? 0 : 1 - _squared / _spread,
    };
}
