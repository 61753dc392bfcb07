namespace Microsoft.ML.Perceiver;

/// <summary>Reading and scoring with the row's number in the errors.</summary>
internal static class StageRow
{
    /// <summary>Reads a row.</summary>
    /// <param name="reader">What reads it.</param>
    /// <param name="row">Its number in the data; null for a row that a prediction engine was given.</param>
    /// <exception cref="InvalidOperationException">The row is at fault.</exception>
    internal static T Read<T>(Func<T> reader, long? row)
    {
        try
        {
            return reader();
        }
        catch (RowException e)
        {
            throw WithNumber(row, e);
        }
    }

    /// <summary>Keeps a column's value of a row.</summary>
    /// <param name="buffer">What keeps it.</param>
    /// <param name="slot">Where.</param>
    /// <param name="row">The row's number in the data.</param>
    /// <exception cref="InvalidOperationException">The row is at fault.</exception>
    internal static void Keep(ColumnBuffer buffer, int slot, long row)
    {
        try
        {
            buffer.Store(slot);
        }
        catch (RowException e)
        {
            throw WithNumber(row, e);
        }
    }

    /// <summary>Scores rows that follow each other; the number is the first one's.</summary>
    /// <exception cref="InvalidOperationException">A row is at fault.</exception>
    internal static TOutput[] Score<TInput, TOutput>(BatchStage<TInput, TOutput> stage, IReadOnlyList<TInput> window, long? start)
    {
        TOutput[] results;
        try
        {
            results = stage.Score(window);
        }
        catch (RowException e)
        {
            throw WithNumber(start + e.Index, e);
        }

        return results.Length == window.Count
            ? results
            : throw new InvalidOperationException($"The stage gave {results.Length} results for {window.Count} rows.");
    }

    // The innermost exception names the row too, as it is what GetBaseException gives where ML.NET has wrapped the outer one.
    private static InvalidOperationException WithNumber(long? row, RowException e)
    {
        string message = row is null ? char.ToUpperInvariant(e.Message[0]) + e.Message[1..] : $"Row {row}: {e.Message}";
        var error = new InvalidOperationException(message, e.InnerException);
        error.Data[RowException.MessageKey] = e.Message;
        return error;
    }
}
