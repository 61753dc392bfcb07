namespace Microsoft.ML.Perceiver;

/// <summary>Batches of rows in random order whose rows are of like length, so that little is padded.</summary>
internal static class LengthBuckets
{
    // Batches whose rows are sorted together: enough to find rows of like length, few enough for each epoch to differ.
    private const int BatchesInPool = 50;

    /// <summary>The batches of an epoch; every row is in exactly one.</summary>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="batchSize">Rows of a batch; the last rows may be fewer.</param>
    /// <param name="lengthOf">A row's length.</param>
    /// <param name="key">The same key gives the same order.</param>
    /// <param name="skipped">How many batches are left out at the beginning; most of their rows are not read.</param>
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

    /// <summary>The batches of all rows in the order of their lengths.</summary>
    internal static IEnumerable<int[]> Sorted(int rows, int batchSize, Func<int, int> lengthOf) =>
        Enumerable.Range(0, rows).OrderBy(lengthOf).Chunk(batchSize);
}
