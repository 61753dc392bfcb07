namespace Microsoft.ML.Perceiver;

/// <summary>Batches of rows in random order whose rows are of like length, as padding is computed for nothing.</summary>
internal static class LengthBuckets
{
    // So many batches are sorted together: enough for rows of like length to meet, few enough for every epoch to be another.
    private const int BatchesInPool = 50;

    /// <summary>The batches of an epoch; every row is in exactly one.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="batchSize">Rows of a batch; the last rows may be fewer.</param>
    /// <param name="lengthOf">A row's length.</param>
    /// <param name="key">The same key gives the same order.</param>
    /// <param name="skipped">So many batches are left out at the beginning; what they hold is not looked at where it can be helped.</param>
    internal static IEnumerable<int[]> Shuffle(int rows, int batchSize, Func<int, int> lengthOf, ulong key, long skipped = 0)
    {
        var order = new RowPermutation(rows, key);
        long poolRows = (long)batchSize * BatchesInPool;
        int inPool = (int)(skipped % BatchesInPool);
        for (long pool = skipped / BatchesInPool; pool * poolRows < rows; pool++)
        {
            long first = pool * poolRows;
            int[] members = new int[Math.Min(poolRows, rows - first)];
            for (int i = 0; i < members.Length; i++)
                members[i] = (int)order.At(first + i);
            int[][] batches = members.OrderBy(lengthOf).Chunk(batchSize).ToArray();
            using (var random = new PerceiverRandom(unchecked((long)(key + (ulong)pool))))
                random.Shuffle<int[]>(batches);
            foreach (int[] batch in batches.Skip(inPool))
                yield return batch;
            inPool = 0;
        }
    }

    /// <summary>The batches of a pass in which the order does not matter.</summary>
    internal static IEnumerable<int[]> Sorted(int rows, int batchSize, Func<int, int> lengthOf) =>
        Enumerable.Range(0, rows).OrderBy(lengthOf).Chunk(batchSize);
}
