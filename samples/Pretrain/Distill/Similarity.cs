using Samples;

namespace Pretrain.Distill;

/// <summary>What is computed of vectors of length one.</summary>
internal static class Similarity
{
    /// <summary>For each query the index of the row with the largest cosine.</summary>
    public static int[] Nearest(float[][] rows, float[][] queries) =>
        [.. queries.AsParallel().AsOrdered().Select(query => Cosines.Nearest(rows, query, count: 1)[0].Row)];

    /// <summary>Spearman's correlation of numbers that are all different.</summary>
    public static double Spearman(double[] first, double[] second)
    {
        int[] a = Ranks(first), b = Ranks(second);
        double squares = a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Sum();
        return 1 - 6 * squares / (a.Length * (Math.Pow(a.Length, 2) - 1));
    }

    private static int[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        int[] ranks = new int[values.Length];
        for (int rank = 0; rank < order.Length; rank++)
            ranks[order[rank]] = rank;
        return ranks;
    }
}
