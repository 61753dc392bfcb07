namespace Microsoft.ML.Perceiver;

/// <summary>Counts right and wrong predictions of several labels, row by row.</summary>
/// <param name="labels">The number of labels.</param>
/// <param name="threshold">The score from which a label counts as predicted.</param>
internal sealed class MultiLabelCounts(int labels, float threshold)
{
    private const float Applies = 0.5f;
    private readonly long[] _right = new long[labels];
    private readonly long[] _wrong = new long[labels];
    private readonly List<(float Score, bool Applies)>[] _scores =
        [.. Enumerable.Range(0, labels).Select(_ => new List<(float, bool)>())];

    private long _exact;

    /// <summary>The rows so far.</summary>
    internal long Rows { get; private set; }

    /// <summary>F1 of all labels of all rows.</summary>
    internal double MicroF1 => _right.Sum() == 0 ? 0 : F1(_right.Sum(), _wrong.Sum());

    /// <summary>The share of labels that are wrong.</summary>
    internal double HammingLoss => _wrong.Sum() / ((double)Rows * labels);

    /// <summary>The share of rows without a wrong label.</summary>
    internal double SubsetAccuracy => _exact / (double)Rows;

    /// <summary>Adds a row.</summary>
    /// <param name="targets">The right labels, from 0 to 1.</param>
    /// <param name="scores">The score of each.</param>
    internal void Add(float[] targets, float[] scores)
    {
        bool isExact = true;
        for (int i = 0; i < labels; i++)
        {
            bool applies = targets[i] >= Applies, isPredicted = scores[i] >= threshold;
            _right[i] += applies && isPredicted ? 1 : 0;
            _wrong[i] += applies != isPredicted ? 1 : 0;
            isExact &= applies == isPredicted;
            _scores[i].Add((scores[i], applies));
        }

        _exact += isExact ? 1 : 0;
        Rows++;
    }

    /// <summary>F1 of a label; NaN where it neither applies nor is predicted anywhere.</summary>
    internal double F1Of(int label) => F1(_right[label], _wrong[label]);

    /// <summary>The average precision of a label; NaN where it applies nowhere.</summary>
    internal double AveragePrecisionOf(int label)
    {
        int all = _scores[label].Count(row => row.Applies);
        if (all == 0)
            return double.NaN;
        double sum = 0;
        int seen = 0, found = 0;
        // Rows of one score have no order, so they are seen together.
        foreach (var same in _scores[label].GroupBy(row => row.Score).OrderByDescending(group => group.Key))
        {
            int more = same.Count(row => row.Applies);
            seen += same.Count();
            found += more;
            sum += (double)more / all * found / seen;
        }

        return sum;
    }

    // A wrong prediction is a false positive or a false negative.
    private static double F1(long right, long wrong) =>
        right + wrong == 0 ? double.NaN : 2.0 * right / (2 * right + wrong);
}
