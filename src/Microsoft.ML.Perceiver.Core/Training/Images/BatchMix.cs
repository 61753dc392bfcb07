using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>MixUp and CutMix of a batch: each image with another one of it.</summary>
/// <param name="Pixels">The mixed images.</param>
/// <param name="Partners">Each image's partner in the batch.</param>
/// <param name="Share">The share of an image in its mixture; the rest is its partner's.</param>
internal sealed record BatchMix(Tensor Pixels, int[] Partners, double Share)
{
    /// <summary>Mixes a batch at random; null where it stays as it is.</summary>
    /// <param name="pixels">[batch, channels, height, width].</param>
    /// <param name="options">Which mixtures are drawn, and how often.</param>
    /// <param name="random">The random number generator.</param>
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
            return new BatchMix(pixels.Times(share).Plus(others.Times(1 - share)).MoveToOuterDisposeScope(), partners, share);

        var (top, height) = DrawSide(pixels.shape[2], share, random);
        var (left, width) = DrawSide(pixels.shape[3], share, random);
        var mixed = pixels.clone();
        mixed.narrow(2, top, height).narrow(3, left, width).copy_(others.narrow(2, top, height).narrow(3, left, width));
        double covered = height * width / (double)(pixels.shape[2] * pixels.shape[3]);
        return new BatchMix(mixed.MoveToOuterDisposeScope(), partners, 1 - covered);
    }

    // One side of the partner's box, whose centre lies anywhere, cut off at the edges. Uncut, the box covers all but the share.
    private static (long Start, long Length) DrawSide(long side, double share, PerceiverRandom random)
    {
        double half = side * Math.Sqrt(1 - share) / 2;
        double centre = random.NextDouble() * side;
        long start = Math.Max(0, (long)Math.Round(centre - half));
        long end = Math.Min(side, (long)Math.Round(centre + half));
        return (start, Math.Max(0, end - start));
    }
}
