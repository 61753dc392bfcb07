namespace Microsoft.ML.Perceiver;

/// <summary>Accuracy and log-loss over a data set, row by row.</summary>
internal sealed class ClassificationMetrics
{
    internal const string Accuracy = "Accuracy";
    internal const string MacroAccuracy = "MacroAccuracy";
    internal const string LogLoss = "LogLoss";

    /// <summary>What <see cref="Result"/> gives.</summary>
    internal static IReadOnlyList<string> Names { get; } = [Accuracy, MacroAccuracy, LogLoss];

    private readonly long[] _rows;
    private readonly long[] _right;
    private double _loss;

    internal ClassificationMetrics(int classes)
    {
        _rows = new long[classes];
        _right = new long[classes];
    }

    /// <summary>Adds a row.</summary>
    /// <param name="logProbabilities">The logarithm of each class' probability.</param>
    /// <param name="label">The right class.</param>
    internal void Add(ReadOnlySpan<float> logProbabilities, int label)
    {
        int best = 0;
        for (int i = 1; i < logProbabilities.Length; i++)
        {
            if (logProbabilities[i] > logProbabilities[best])
                best = i;
        }

        _rows[label]++;
        _right[label] += best == label ? 1 : 0;
        _loss -= logProbabilities[label];
    }

    internal IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [Accuracy] = _right.Sum() / (double)_rows.Sum(),
        [MacroAccuracy] = Enumerable.Range(0, _rows.Length).Where(i => _rows[i] > 0).Average(i => _right[i] / (double)_rows[i]),
        [LogLoss] = _loss / _rows.Sum(),
    };
}
