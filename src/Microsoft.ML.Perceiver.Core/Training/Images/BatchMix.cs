using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>MixUp and CutMix of a batch: each picture with another one of it.</summary>
/// <param name="Pixels">The mixed pictures.</param>
/// <param name="Partners">Each picture's partner in the batch.</param>
/// <param name="Share">The share of a picture in its mixture; the rest is its partner's.</param>
internal sealed record BatchMix(Tensor Pixels, int[] Partners, double Share)
{
    /// <summary>Mixes a batch as the options say; null where this one stays as it is.</summary>
    /// <param name="pixels">[batch, channels, height, width].</param>
    /// <param name="options">How.</param>
    /// <param name="random">Where chance comes from.</param>
    internal static BatchMix? Draw(Tensor pixels, PerceiverImageAugmentation options, PerceiverRandom random)
    {
        if ((options.MixUp == 0 && options.CutMix == 0) || random.NextDouble() >= options.MixProbability)
            return null;
        int[] partners = Enumerable.Range(0, (int)pixels.shape[0]).ToArray();
        random.Shuffle<int>(partners);
        bool cut = options.CutMix > 0 && (options.MixUp == 0 || random.Next(2) == 0);
        double share = BetaDistribution.Draw(cut ? options.CutMix : options.MixUp, random);
        using var scope = NewDisposeScope();
        var others = pixels.index_select(0, tensor(partners.Select(p => (long)p).ToArray(), device: pixels.device));
        if (!cut)
            return new BatchMix((pixels * share + others * (1 - share)).MoveToOuterDisposeScope(), partners, share);

        var (top, height) = Box(pixels.shape[2], share, random);
        var (left, width) = Box(pixels.shape[3], share, random);
        var mixed = pixels.clone();
        mixed.narrow(2, top, height).narrow(3, left, width).copy_(others.narrow(2, top, height).narrow(3, left, width));
        return new BatchMix(mixed.MoveToOuterDisposeScope(), partners, 1 - height * width / (double)(pixels.shape[2] * pixels.shape[3]));
    }

    // A stretch of the share's root about a point anywhere, cut off at the edges.
    private static (long Start, long Length) Box(long side, double share, PerceiverRandom random)
    {
        double half = side * Math.Sqrt(1 - share) / 2, centre = random.NextDouble() * side;
        long start = Math.Max(0, (long)Math.Round(centre - half)), end = Math.Min(side, (long)Math.Round(centre + half));
        return (start, Math.Max(0, end - start));
    }
}
