namespace Microsoft.ML.Perceiver;

/// <summary>Training rows of a data view, and those set aside for validation.</summary>
internal static class TrainingRows
{
    /// <summary>Reads all rows.</summary>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <param name="data">The data view.</param>
    /// <param name="columns">The columns to read.</param>
    /// <param name="createReader">Makes the function that reads a row.</param>
    /// <exception cref="InvalidOperationException">A row is at fault; the message gives its number.</exception>
    internal static List<T> Read<T>(IDataView data, IReadOnlyList<DataViewSchema.Column> columns, Func<DataViewRow, Func<T>> createReader)
    {
        var rows = new List<T>();
        using var cursor = data.GetRowCursor(columns);
        var read = createReader(cursor);
        while (cursor.MoveNext())
        {
            try
            {
                rows.Add(read());
            }
            catch (RowException e)
            {
                throw StageRow.Blame(cursor.Position, e);
            }
        }

        return rows;
    }

    /// <summary>Sets a share of the rows aside, the same for the same seed.</summary>
    internal static (List<T> Training, List<T> Validation) Split<T>(List<T> rows, double fraction, int seed)
    {
        int count = (int)Math.Round(rows.Count * fraction);
        if (count == 0 || count == rows.Count)
            return (rows, []);
        // Another sequence than the training's own, which begins with the order of the rows.
        using var random = new PerceiverRandom(seed + 0x5EED_0000L);
        int[] order = Enumerable.Range(0, rows.Count).ToArray();
        random.Shuffle<int>(order);
        var chosen = order.Take(count).ToHashSet();
        return (rows.Where((_, i) => !chosen.Contains(i)).ToList(), rows.Where((_, i) => chosen.Contains(i)).ToList());
    }
}
