namespace Microsoft.ML.Perceiver;

/// <summary>F1, exact matches and log-loss over a data set whose rows have several labels.</summary>
internal sealed class MultiLabelMetrics : TargetMetrics
{
    private static readonly PerceiverMetric MicroF1 = new("MicroF1", HigherIsBetter: true);
    private static readonly PerceiverMetric ExactMatch = new("ExactMatch", HigherIsBetter: true);
    private long _rows;
    private long _exact;
    private long _truePositive;
    private long _wrong;
    private double _loss;
    private long _labels;

    internal override IReadOnlyList<PerceiverMetric> Metrics { get; } = [MicroF1, ExactMatch, LogLoss];

    /// <inheritdoc/>
    /// <remarks>The numbers are the score of each label before the sigmoid.</remarks>
    internal override void Add(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        bool exact = true;
        for (int i = 0; i < logits.Length; i++)
        {
            bool predicted = logits[i] >= 0;
            bool actual = targets[i] >= 0.5f;
            exact &= predicted == actual;
            _truePositive += predicted && actual ? 1 : 0;
            _wrong += predicted != actual ? 1 : 0;
            // log(1 + e^x), in a form that does not overflow.
            _loss += Math.Max(logits[i], 0) - logits[i] * targets[i] + Math.Log(1 + Math.Exp(-Math.Abs(logits[i])));
        }

        _labels += logits.Length;
        _rows++;
        _exact += exact ? 1 : 0;
    }

    internal override IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [MicroF1.Name] = _truePositive == 0 ? 0 : 2.0 * _truePositive / (2 * _truePositive + _wrong),
        [ExactMatch.Name] = _exact / (double)_rows,
        [LogLoss.Name] = _loss / _labels,
    };
}
