namespace Microsoft.ML.Perceiver;

/// <summary>Mean and deviation of the numbers of training rows, which the model standardises its inputs by.</summary>
internal static class ArrayScaling
{
    /// <summary>The settings with the scaling of training rows.</summary>
    /// <param name="settings">The settings of the array.</param>
    /// <param name="rows">The numbers of each row.</param>
    /// <param name="isByPlace">Whether each number of the array has its own; else each channel.</param>
    internal static PerceiverArraySettings Apply(PerceiverArraySettings settings, IEnumerable<float[]> rows, bool isByPlace)
    {
        int count = isByPlace
            ? settings.InputShape.Aggregate(settings.InputChannels, (product, n) => product * n)
            : settings.InputChannels;
        double[] means = new double[count], squares = new double[count];
        long[] read = new long[count];
        foreach (float[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                int place = i % count;
                // Welford's update, which stays exact where the mean is large.
                double fromMean = row[i] - means[place];
                means[place] += fromMean / ++read[place];
                squares[place] += fromMean * (row[i] - means[place]);
            }
        }

        // What is the same in all rows stays at zero.
        double[] deviations = [.. squares.Select((sum, i) => sum > 0 ? Math.Sqrt(sum / read[i]) : 1)];
        return settings with { Means = means, Deviations = deviations };
    }

    /// <summary>The settings with bins of the standardised numbers, which hold as many training rows each as can be.</summary>
    /// <param name="settings">The settings with the scaling, by place.</param>
    /// <param name="rows">The numbers of each row.</param>
    /// <param name="bins">Bins of each number.</param>
    internal static PerceiverArraySettings ApplyBins(PerceiverArraySettings settings, IReadOnlyList<float[]> rows, int bins)
    {
        var edges = Enumerable.Range(0, settings.Vectors).Select(place =>
        {
            var (mean, deviation) = (settings.Means![place], settings.Deviations![place]);
            double[] numbers = [.. rows.Where(row => row.Length > place).Select(row => (row[place] - mean) / deviation).Order()];
            return EdgesOf(numbers, bins);
        });
        return settings with { Bins = [.. edges] };
    }

    // Few different numbers are all edges. Bins beyond the largest number are left over where there are not enough of them.
    private static IReadOnlyList<double> EdgesOf(double[] sorted, int bins)
    {
        double[] different = [.. Different(sorted)];
        double[] edges = different.Length <= bins + 1
            ? different
            : [.. Different(Enumerable.Range(0, bins + 1).Select(i => sorted[(int)((long)i * (sorted.Length - 1) / bins)]))];
        return [.. edges, .. Enumerable.Range(1, bins + 1 - edges.Length).Select(i => edges[^1] + i)];
    }

    private static IEnumerable<double> Different(IEnumerable<double> sorted)
    {
        float last = float.NegativeInfinity;
        foreach (double number in sorted)
        {
            if ((float)number <= last)
                continue;
            last = (float)number;
            yield return number;
        }
    }
}
