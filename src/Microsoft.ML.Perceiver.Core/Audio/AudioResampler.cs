using System.Numerics;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Audio at another sample rate, without the tones that it could not hold: band-limited interpolation by a sinc with a Kaiser window
/// (J. O. Smith, Digital Audio Resampling, 2002). Tones up to 0.9 of half the lower rate stay as they are; what would be mirrored is
/// 90 dB down.
/// </summary>
/// <param name="from">Samples a second.</param>
/// <param name="to">Samples a second of the result.</param>
internal sealed class AudioResampler(int from, int to)
{
    // How far a sample is made of those around it, on each side, in samples of the lower rate; and the window's shape.
    private const int Lobes = 64;
    private const double Beta = 10, Edge = 0.95;

    // Weights are kept where all of them are no more than these.
    private const long MostKept = 1 << 20;

    private readonly int _up = to / (int)BigInteger.GreatestCommonDivisor(from, to);
    private readonly int _down = from / (int)BigInteger.GreatestCommonDivisor(from, to);
    private readonly double _cutoff = Edge * Math.Min(1, (double)to / from);
    private readonly Dictionary<long, float[]> _kept = [];

    private int Reach => (int)Math.Ceiling(Lobes / _cutoff);

    /// <summary>How many samples so many become.</summary>
    internal long LengthOf(long samples) => (samples * _up + _down - 1) / _down;

    /// <summary>How many samples the first so many of the other rate are made of.</summary>
    internal long NeededFor(long samples) => samples * _down / _up + Reach + 1;

    /// <summary>The samples at the other rate, the first at the same moment. What stands before and after them is silence.</summary>
    /// <param name="samples">The samples.</param>
    internal float[] Resample(ReadOnlySpan<float> samples)
    {
        if (_up == _down)
            return samples.ToArray();
        float[] resampled = new float[checked((int)LengthOf(samples.Length))];
        int reach = Reach;
        for (int i = 0; i < resampled.Length; i++)
        {
            long at = (long)i * _down;
            int first = (int)(at / _up) - reach + 1;
            float[] weights = WeightsOf(at % _up);
            int skipped = Math.Max(0, -first);
            int count = Math.Min(weights.Length, samples.Length - first) - skipped;
            resampled[i] = Product(weights.AsSpan(skipped, count), samples.Slice(first + skipped, count));
        }

        return resampled;
    }

    // Of the samples around a place that is phase / up behind one of them.
    private float[] WeightsOf(long phase)
    {
        if (_kept.TryGetValue(phase, out float[]? kept))
            return kept;
        double[] weights = new double[2 * Reach];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double x = (i + 1 - Reach - (double)phase / _up) * _cutoff;
            double inside = 1 - x / Lobes * (x / Lobes);
            weights[i] = inside < 0 ? 0 : Bessel(Beta * Math.Sqrt(inside)) * (x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x));
            sum += weights[i];
        }

        // What is constant stays exactly so.
        float[] scaled = Array.ConvertAll(weights, weight => (float)(weight / sum));
        if ((long)_up * scaled.Length <= MostKept)
            _kept[phase] = scaled;
        return scaled;
    }

    // The modified Bessel function of the first kind, of order 0, by its series.
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; term > 1e-17 * sum; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }

    private static float Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector<float>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        float sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
