using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Distributed.TestHost;

/// <summary>An objective that counts what is asked of it, and fails or cancels at a batch where a test wants so.</summary>
/// <param name="inner">The objective.</param>
/// <param name="failAt">The batch, from 1, that fails; 0 for none.</param>
/// <param name="cancelAt">The batch, from 1, after which the training is cancelled; 0 for none.</param>
/// <param name="cancellation">What cancels.</param>
internal sealed class WatchedObjective(
    IPerceiverObjective inner, int failAt, int cancelAt, CancellationTokenSource cancellation) : IPerceiverObjective
{
    private int _batches;

    internal int Evaluations { get; private set; }

    internal int RowsRead { get; private set; }

    /// <summary>The largest difference of the lengths of two rows that this rank had in one batch.</summary>
    internal int MostApart { get; private set; }

    public nn.Module Model => inner.Model;

    public int RowCount => inner.RowCount;

    public IReadOnlyList<PerceiverMetric> Metrics => inner.Metrics;

    public IReadOnlyDictionary<string, string> Settings => inner.Settings;

    public int LengthOf(int row) => inner.LengthOf(row);

    public Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        Watch(rows);
        return inner.Loss(rows, random);
    }

    public PerceiverWeightedLoss WeightedLoss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        Watch(rows);
        return inner.WeightedLoss(rows, random);
    }

    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        Evaluations++;
        return inner.Evaluate(cancellation);
    }

    private void Watch(IReadOnlyList<int> rows)
    {
        _batches++;
        RowsRead += rows.Count;
        int[] lengths = [.. rows.Select(LengthOf)];
        MostApart = Math.Max(MostApart, lengths.Max() - lengths.Min());
        if (_batches == failAt)
            throw new InvalidDataException($"Batch {_batches} cannot be read.");
        if (_batches == cancelAt)
            cancellation.Cancel();
    }
}
