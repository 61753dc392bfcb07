using System.Collections.Concurrent;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The input pixels of each output pixel along one axis, and their weights: fixed-point numbers of 22 fractional bits, as in Pillow, whose
/// products with bytes do not overflow an int.
/// </summary>
internal sealed class ResampleWeights
{
    /// <summary>The fractional bits of a weight.</summary>
    internal const int FractionBits = 22;

    private const int CacheEntries = 64;
    private const int CachedWeights = 1 << 20;

    private static readonly ConcurrentDictionary<(int Input, int Output, PerceiverResampling Resampling), ResampleWeights> Cache = [];

    private ResampleWeights(int input, int output, PerceiverResampling resampling)
    {
        double scale = (double)input / output;
        // When reducing, the filter is stretched, so that every input pixel has a weight.
        double stretch = Math.Max(scale, 1);
        double support = ResampleFilter.Support(resampling) * stretch;
        // An even number, as the horizontal pass takes two pixels at a time.
        long stride = ((long)Math.Ceiling(support) * 2 + 2) & ~1L;
        if (stride * output > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Resizing {input} pixels to {output} would take {stride * output} weights, more than fit into memory.");
        }

        Stride = (int)stride;
        Starts = new int[output];
        Counts = new int[output];
        Weights = new int[Stride * output];
        double[] exact = new double[Stride];
        for (int i = 0; i < output; i++)
        {
            double centre = (i + 0.5) * scale;
            int start = Math.Max((int)(centre - support + 0.5), 0);
            int count = Math.Min((int)(centre + support + 0.5), input) - start;
            double sum = 0;
            for (int k = 0; k < count; k++)
            {
                exact[k] = ResampleFilter.Value(resampling, (k + start - centre + 0.5) * (1 / stretch));
                sum += exact[k];
            }

            Starts[i] = start;
            Counts[i] = count;
            MaxCount = Math.Max(MaxCount, count);
            for (int k = 0; k < count; k++)
            {
                double weight = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << FractionBits);
                Weights[i * Stride + k] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }
        }
    }

    /// <summary>The first input pixel of each output pixel; never less than the one before.</summary>
    internal int[] Starts { get; }

    /// <summary>The number of input pixels of each output pixel.</summary>
    internal int[] Counts { get; }

    /// <summary>The largest of <see cref="Counts"/>.</summary>
    internal int MaxCount { get; }

    /// <summary>The weights of each output pixel, at multiples of <see cref="Stride"/>, with zeros after the last.</summary>
    internal int[] Weights { get; }

    /// <summary>The distance from one output pixel's weights to the next one's.</summary>
    internal int Stride { get; }

    /// <summary>The weights for an axis; null where it keeps its length, which changes nothing.</summary>
    internal static ResampleWeights? For(int input, int output, PerceiverResampling resampling)
    {
        if (input == output)
            return null;
        var key = (input, output, resampling);
        if (Cache.TryGetValue(key, out var known))
            return known;
        var made = new ResampleWeights(input, output, resampling);
        // Images usually come in few sizes; where they do not, clearing the cache is cheaper than finding the oldest entry.
        if (Cache.Count >= CacheEntries)
            Cache.Clear();
        if (made.Weights.Length <= CachedWeights)
            Cache[key] = made;
        return made;
    }
}
