namespace Microsoft.ML.Perceiver;

/// <summary>Reading and scoring with the row's number in the errors.</summary>
internal static class StageRow
{
    internal static object Read(Func<object> reader, long row)
    {
        try
        {
            return reader();
        }
        catch (RowException e)
        {
            throw Blame(row, e);
        }
    }

    internal static object[] Score(IBatchStage stage, IReadOnlyList<object> window, long start)
    {
        object[] results;
        try
        {
            results = stage.Score(window);
        }
        catch (RowException e)
        {
            throw Blame(start + e.Index, e);
        }

        return results.Length == window.Count
            ? results
            : throw new InvalidOperationException($"The stage gave {results.Length} results for {window.Count} rows.");
    }

    internal static InvalidOperationException Blame(long row, Exception e) => new($"Row {row}: {e.Message}", e);
}
