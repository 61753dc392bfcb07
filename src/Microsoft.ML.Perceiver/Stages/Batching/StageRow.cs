namespace Microsoft.ML.Perceiver;

/// <summary>Reading and scoring with the row's number in the errors.</summary>
internal static class StageRow
{
    internal static T Read<T>(Func<T> reader, long row)
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

    internal static TOutput[] Score<TInput, TOutput>(BatchStage<TInput, TOutput> stage, IReadOnlyList<TInput> window, long start)
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

    private static InvalidOperationException WithNumber(long row, RowException e) => new($"Row {row}: {e.Message}", e);
}

/// <summary>One row of a window is at fault; the stage adds the row's number in the data.</summary>
internal sealed class RowException(int index, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The row's place in the window.</summary>
    internal int Index { get; } = index;
}
