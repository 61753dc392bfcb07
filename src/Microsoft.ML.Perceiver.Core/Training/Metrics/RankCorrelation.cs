namespace Microsoft.ML.Perceiver;

/// <summary>How well one list of numbers has the order of another.</summary>
internal static class RankCorrelation
{
    /// <summary>Spearman's correlation: that of the ranks, equal numbers sharing the mean of theirs.</summary>
    /// <param name="first">The numbers.</param>
    /// <param name="second">As many others.</param>
    /// <returns>From -1 to 1; 0 where one list has no two different numbers.</returns>
    internal static double Spearman(double[] first, double[] second)
    {
        double[] a = Ranks(first), b = Ranks(second);
        double mean = (a.Length - 1) / 2.0;
        double product = 0, squares = 0, otherSquares = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += (a[i] - mean) * (b[i] - mean);
            squares += (a[i] - mean) * (a[i] - mean);
            otherSquares += (b[i] - mean) * (b[i] - mean);
        }

        return squares == 0 || otherSquares == 0 ? 0 : product / Math.Sqrt(squares * otherSquares);
    }

    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort([.. values], order);
        double[] ranks = new double[values.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (int i = start; i < end; i++)
                ranks[order[i]] = (start + end - 1) / 2.0;
        }

        return ranks;
    }
}
