namespace Microsoft.ML.Perceiver;

/// <summary>How well several labels of a row are told, over a data set.</summary>
internal sealed class MultiLabelMetrics
{
    internal const string MicroF1 = "MicroF1";
    internal const string ExactMatch = "ExactMatch";
    internal const string LogLoss = "LogLoss";

    /// <summary>What <see cref="Result"/> gives.</summary>
    internal static IReadOnlyList<string> Names { get; } = [MicroF1, ExactMatch, LogLoss];

    private long _rows;
    private long _exact;
    private long _truePositive;
    private long _wrong;
    private double _loss;
    private long _labels;

    /// <summary>Adds a row.</summary>
    /// <param name="logits">The score of each label before the sigmoid.</param>
    /// <param name="targets">1 for a label the row has, 0 for one it has not.</param>
    internal void Add(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        bool exact = true;
        for (int i = 0; i < logits.Length; i++)
        {
            bool predicted = logits[i] >= 0, actual = targets[i] >= 0.5f;
            exact &= predicted == actual;
            _truePositive += predicted && actual ? 1 : 0;
            _wrong += predicted != actual ? 1 : 0;
            // log(1 + e^x), written so that neither sign overflows.
            _loss += Math.Max(logits[i], 0) - logits[i] * targets[i] + Math.Log(1 + Math.Exp(-Math.Abs(logits[i])));
        }

        _labels += logits.Length;
        _rows++;
        _exact += exact ? 1 : 0;
    }

    internal IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [MicroF1] = _truePositive == 0 ? 0 : 2.0 * _truePositive / (2 * _truePositive + _wrong),
        [ExactMatch] = _exact / (double)_rows,
        [LogLoss] = _loss / _labels,
    };
}
