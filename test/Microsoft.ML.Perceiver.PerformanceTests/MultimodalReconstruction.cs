using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// A whole reconstruction beside 128 forwards with subsampled points, as the reference makes one, through the same modules at the published
/// size: in the reference's order of a single head's products, and in ours, in which a forward is faster too. Of the 128 chunks, which are
/// equal, two are run around each reconstruction, so that both meet the same machine, and their mean time is taken 128 times; the median of
/// the rounds' ratios counts.
/// </summary>
internal static class MultimodalReconstruction
{
    private const int Chunks = 128;
    private const int Rounds = 3;

    internal static IEnumerable<string> Measure()
    {
        PeakMemory.Reset();
        using var inference = inference_mode();
        using var model = new PerceiverForMultimodalAutoencoding(PerceiverPublishedCheckpoints.Multimodal.Config);
        var extents = model.Extents;
        using var scope = NewDisposeScope();
        var inputs = new PerceiverInputs(new Dictionary<string, Tensor>
        {
            [PerceiverForMultimodalAutoencoding.Image] = rand([1, extents.Frames, 3, extents.Height, extents.Width]),
            [PerceiverForMultimodalAutoencoding.Audio] = rand([1, extents.Samples, 1]),
        });

        double Chunk(int i, bool asReference)
        {
            SingleHeadAttention.KeepsReferenceOrder = asReference;
            var points = Points(extents, i);
            void Forward() =>
                model.forward(inputs, outputAttentions: false, outputHiddenStates: false, subsampledOutputPoints: points).Dispose();
            double seconds = Measured.Seconds(Forward);
            SingleHeadAttention.KeepsReferenceOrder = false;
            return seconds;
        }

        double Whole() => Measured.Seconds(() => model.Reconstruct(inputs).Dispose());
        Chunk(0, asReference: true);
        var ratios = new List<double>();
        var ownRatios = new List<double>();
        for (int i = 0; i < Rounds; i++)
        {
            double chunk = Chunk(2 * i, true) / 2, own = Chunk(2 * i, false) / 2, whole = Whole();
            chunk += Chunk((2 * i) + 1, true) / 2;
            own += Chunk((2 * i) + 1, false) / 2;
            ratios.Add(Chunks * chunk / whole);
            ownRatios.Add(Chunks * own / whole);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"one of {Chunks} forwards {chunk:f2} s, in our order of the products {own:f2} s, the whole reconstruction {whole:f2} s"));
        }

        yield return Measured.Figure("multimodal_encode_once_speedup", Measured.Median(ratios), "ratio");
        yield return Measured.Figure("multimodal_over_own_forwards_speedup", Measured.Median(ownRatios), "ratio");
        yield return string.Create(CultureInfo.InvariantCulture, $"multimodal_peak_mb\t{PeakMemory.Megabytes():f0}\tMB");
    }

    private static PerceiverInputs Points(PerceiverMultimodalExtents extents, int chunk)
    {
        long image = extents.ImagePoints / Chunks, audio = extents.AudioPoints / Chunks;
        return new PerceiverInputs(new Dictionary<string, Tensor>
        {
            [PerceiverForMultimodalAutoencoding.Image] = arange(chunk * image, (chunk + 1) * image),
            [PerceiverForMultimodalAutoencoding.Audio] = arange(chunk * audio, (chunk + 1) * audio),
        });
    }
}
