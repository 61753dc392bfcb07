using System.Numerics;

namespace Samples;

/// <summary>Cosines of vectors of length one: the sums of the products of their numbers.</summary>
internal static class Cosines
{
    /// <summary>The cosine of two vectors.</summary>
    public static double Of(float[] first, float[] second)
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

    /// <summary>The rows with the largest cosines, the best first.</summary>
    /// <param name="rows">The vectors that are searched.</param>
    /// <param name="query">The vector that is searched for.</param>
    /// <param name="count">At most so many.</param>
    public static IReadOnlyList<(int Row, double Cosine)> Nearest(IReadOnlyList<float[]> rows, float[] query, int count)
    {
        // The worst of those that are kept is the first to go.
        var kept = new PriorityQueue<int, (double Cosine, int Order)>();
        double least = double.NegativeInfinity;
        for (int row = 0; row < rows.Count; row++)
        {
            double cosine = Of(rows[row], query);
            if (cosine <= least)
                continue;
            kept.Enqueue(row, (cosine, -row));
            if (kept.Count > count)
                kept.Dequeue();
            if (kept.Count == count && kept.TryPeek(out _, out var worst))
                least = worst.Cosine;
        }

        return [.. kept.UnorderedItems.OrderByDescending(i => i.Priority).Select(i => (i.Element, i.Priority.Cosine))];
    }
}
