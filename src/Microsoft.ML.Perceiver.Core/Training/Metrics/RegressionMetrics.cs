namespace Microsoft.ML.Perceiver;

/// <summary>Errors of a regression over a data set, number by number.</summary>
internal sealed class RegressionMetrics
{
    internal const string MeanAbsoluteError = "MeanAbsoluteError";
    internal const string RootMeanSquaredError = "RootMeanSquaredError";
    internal const string RSquared = "RSquared";

    /// <summary>What <see cref="Result"/> gives.</summary>
    internal static IReadOnlyList<string> Names { get; } = [MeanAbsoluteError, RootMeanSquaredError, RSquared];

    private long _count;
    private double _absolute;
    private double _squared;
    private double _mean;
    private double _spread;

    internal void Add(double predicted, double actual)
    {
        double error = predicted - actual;
        _absolute += Math.Abs(error);
        _squared += error * error;
        // Welford's update keeps the spread exact where the mean is large.
        double fromMean = actual - _mean;
        _mean += fromMean / ++_count;
        _spread += fromMean * (actual - _mean);
    }

    internal IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [MeanAbsoluteError] = _absolute / _count,
        [RootMeanSquaredError] = Math.Sqrt(_squared / _count),
        [RSquared] = _spread == 0 ? 0 : 1 - _squared / _spread,
    };
}
