namespace Microsoft.ML.Perceiver;

/// <summary>How the texts of a window go through the model: those of like length together, so that little padding is computed.</summary>
internal static class LengthBatches
{
    /// <summary>Runs a function over batches of a window and puts its results back into the window's order.</summary>
    /// <param name="window">The texts.</param>
    /// <param name="length">The tokens of a text.</param>
    /// <param name="batchSize">Texts of a batch at most.</param>
    /// <param name="tokenBudget">Tokens of a batch at most, padding included; one text goes through in any case.</param>
    /// <param name="score">Scores a batch: a result for each text.</param>
    internal static TResult[] Run<TText, TResult>(
        IReadOnlyList<TText> window,
        Func<TText, int> length,
        int batchSize,
        long tokenBudget,
        Func<IReadOnlyList<TText>, IReadOnlyList<TResult>> score)
    {
        var results = new TResult[window.Count];
        int[] order = Enumerable.Range(0, window.Count).OrderByDescending(i => length(window[i])).ToArray();
        for (int start = 0; start < order.Length;)
        {
            // The first of a batch is its longest.
            long fitting = Math.Max(1, tokenBudget / length(window[order[start]]));
            int count = (int)Math.Min(Math.Min(batchSize, fitting), order.Length - start);
            var batch = order.AsSpan(start, count).ToArray();
            var scored = score(batch.Select(i => window[i]).ToArray());
            for (int i = 0; i < count; i++)
                results[batch[i]] = scored[i];
            start += count;
        }

        return results;
    }
}
