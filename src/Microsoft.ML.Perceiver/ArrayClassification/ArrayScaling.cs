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
}
