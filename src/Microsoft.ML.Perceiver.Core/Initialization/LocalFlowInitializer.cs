using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Initialises models of optical flow by <see cref="PerceiverInitialization.LocalFlow"/>.</summary>
internal sealed class LocalFlowInitializer : LocalGridInitializer
{
    private const double DecoderDrop = 4;

    // Patches of 3 x 3 pixels.
    private const int Pixels = 9;

    // How many of an input's features are of each kind.
    private const int Plain = 8, WithinPatch = 28, BetweenFrames = ContentChannels - Plain - WithinPatch;

    private LocalFlowInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
        : base(config, weights, generator, config.TrainSize[0], config.TrainSize[1], config.TrainSize)
    {
    }

    /// <summary>Initialises a model of optical flow.</summary>
    /// <inheritdoc cref="LocalInitializer(PerceiverConfig, IReadOnlyDictionary{string, Tensor}, Generator)"/>
    internal static void Apply(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator) =>
        new LocalFlowInitializer(config, weights, generator).Draw();

    private void Draw()
    {
        DrawMatrices(_ => null);
        DrawPatchFeatures();
        DrawEncoder();
        DrawDecoder("decoder.decoder.decoding_cross_attention.", DecoderDrop);
        this["decoder.decoder.final_layer.weight"].mul_(Scalars.Kept(0.3));
    }

    /// <summary>
    /// Draws the features of a pair of patches: a few of the plain colours, which have little information about motion but the largest
    /// variance; the others of differences within the patches and between the frames, both scaled to a similar size.
    /// </summary>
    private void DrawPatchFeatures()
    {
        var patterns = empty(ContentChannels, Pixels, 1);
        DrawNormal(patterns, 1);
        var withoutMean = patterns - patterns.mean([1], keepdim: true);
        // Around one, so that brightness has more weight than hue.
        var colours = empty(ContentChannels, 1, RgbPlanes.Channels);
        DrawNormal(colours, 0.4);
        var plain = Features(patterns, 0, Plain, 0.4);
        var within = Features(withoutMean, Plain, WithinPatch, 3);
        var between = Features(patterns, ContentChannels - BetweenFrames, BetweenFrames, 4);
        // The first two kinds are sums over both frames, the last is the second frame less the first.
        var rows = cat([cat([plain, plain], 1), cat([within, within], 1), cat([-between, between], 1)], 0);
        this["input_preprocessor.conv_after_patches.weight"].copy_(rows);

        Tensor Features(Tensor pattern, int first, int count, double gain)
        {
            double deviation = gain * InputContent / Math.Sqrt(Pixels * RgbPlanes.Channels);
            return (pattern.narrow(0, first, count) * colours.narrow(0, first, count).Plus(1)).Times(deviation).flatten(1);
        }
    }
}
