namespace Microsoft.ML.Perceiver;

/// <summary>Accuracy and log-loss over a data set, row by row, or item by item of each row.</summary>
internal class ClassificationMetrics : TargetMetrics
{
    internal static readonly PerceiverMetric Accuracy = new("Accuracy", HigherIsBetter: true);
    private static readonly PerceiverMetric MacroAccuracy = new("MacroAccuracy", HigherIsBetter: true);

    private readonly long[] _rows;
    private readonly long[] _right;
    private double _loss;

    internal ClassificationMetrics(int classes)
    {
        _rows = new long[classes];
        _right = new long[classes];
    }

    internal override IReadOnlyList<PerceiverMetric> Metrics { get; } = [Accuracy, MacroAccuracy, LogLoss];

    /// <inheritdoc/>
    /// <remarks>The numbers are the logarithm of each class' probability. A negative target does not count.</remarks>
    internal override void Add(ReadOnlySpan<float> logProbabilities, ReadOnlySpan<float> target)
    {
        int[] best = Argmax.OfRows(logProbabilities, _rows.Length);
        for (int item = 0; item < target.Length; item++)
        {
            int label = (int)target[item];
            if (label < 0)
                continue;
            _rows[label]++;
            _right[label] += best[item] == label ? 1 : 0;
            _loss -= logProbabilities[item * _rows.Length + label];
        }
    }

    internal override IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [Accuracy.Name] = _right.Sum() / (double)_rows.Sum(),
        [MacroAccuracy.Name] = Enumerable.Range(0, _rows.Length).Where(i => _rows[i] > 0).Average(i => _right[i] / (double)_rows[i]),
        [LogLoss.Name] = _loss / _rows.Sum(),
    };
}
