namespace Microsoft.ML.Perceiver;

/// <summary>Batches of rows in random order whose rows are of like length, as padding is computed for nothing.</summary>
internal static class LengthBuckets
{
    // So many batches are sorted together: enough for rows of like length to meet, few enough for every epoch to be another.
    private const int BatchesInPool = 50;

    /// <summary>The batches of an epoch; every row is in exactly one.</summary>
    internal static List<int[]> Shuffle(int rows, int batchSize, Func<int, int> lengthOf, TrainingRandom random)
    {
        int[] order = Enumerable.Range(0, rows).ToArray();
        random.Shuffle<int>(order);
        var batches = new List<int[]>();
        foreach (int[] pool in order.Chunk(batchSize * BatchesInPool))
            batches.AddRange(pool.OrderBy(lengthOf).Chunk(batchSize));
        random.Shuffle<int[]>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batches));
        return batches;
    }

    /// <summary>The batches of a pass in which the order does not matter.</summary>
    internal static IEnumerable<int[]> Sorted(int rows, int batchSize, Func<int, int> lengthOf) =>
        Enumerable.Range(0, rows).OrderBy(lengthOf).Chunk(batchSize);
}
