namespace Microsoft.ML.Perceiver;

/// <summary>
/// A bank of triangular filters whose middles are equally far apart in mel, 2595 log10(1 + f / 700 Hz) (D. O'Shaughnessy, Speech
/// Communication, 1987; as in S. Young et al., The HTK Book, section 5.4). Each has the weight 1 at its middle and 0 at those of its
/// neighbours, falling linearly in Hz.
/// </summary>
internal static class MelFilters
{
    /// <summary>The weights, [bins, bands] row by row: of each frequency of a Fourier transform in each band.</summary>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="fftLength">The length of the transform; it has half as many frequencies, and one.</param>
    /// <param name="bands">How many filters.</param>
    /// <param name="lowest">Where the first filter begins, in Hz.</param>
    /// <param name="highest">Where the last filter ends, in Hz.</param>
    internal static float[] Create(int sampleRate, int fftLength, int bands, double lowest, double highest)
    {
        int bins = fftLength / 2 + 1;
        double from = ToMel(lowest), step = (ToMel(highest) - from) / (bands + 1);
        double[] edges = [.. Enumerable.Range(0, bands + 2).Select(i => ToHertz(from + i * step))];
        float[] weights = new float[bins * bands];
        for (int bin = 0; bin < bins; bin++)
        {
            double frequency = (double)bin * sampleRate / fftLength;
            for (int band = 0; band < bands; band++)
            {
                double rising = (frequency - edges[band]) / (edges[band + 1] - edges[band]);
                double falling = (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1]);
                weights[bin * bands + band] = (float)Math.Max(0, Math.Min(rising, falling));
            }
        }

        return weights;
    }

    /// <summary>The first band that no frequency of the transform falls into; -1 for none.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="bands">How many filters.</param>
    internal static int EmptyBand(float[] weights, int bands)
    {
        for (int band = 0; band < bands; band++)
        {
            bool isEmpty = true;
            for (int i = band; i < weights.Length; i += bands)
                isEmpty &= weights[i] == 0;
            if (isEmpty)
                return band;
        }

        return -1;
    }

    private static double ToMel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);

    private static double ToHertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
