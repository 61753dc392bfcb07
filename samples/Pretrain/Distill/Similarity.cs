using System.Numerics;

namespace Pretrain.Distill;

/// <summary>What is computed of vectors of length one.</summary>
internal static class Similarity
{
    /// <summary>The cosine of two vectors of length one.</summary>
    public static double Cosine(float[] first, float[] second)
    {
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= first.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(first, i) * new Vector<float>(second, i);
        double cosine = Vector.Sum(sum);
        for (; i < first.Length; i++)
            cosine += first[i] * second[i];
        return cosine;
    }

    /// <summary>For each query the index of the row with the largest cosine.</summary>
    public static int[] Nearest(float[][] rows, float[][] queries) => [.. queries.AsParallel().AsOrdered().Select(query =>
    {
        int best = 0;
        double largest = double.NegativeInfinity;
        for (int i = 0; i < rows.Length; i++)
        {
            double cosine = Cosine(rows[i], query);
            if (cosine > largest)
                (best, largest) = (i, cosine);
        }

        return best;
    })];

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
