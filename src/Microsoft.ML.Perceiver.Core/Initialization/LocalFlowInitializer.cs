using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The first weights of <see cref="PerceiverInitialization.LocalFlow"/>.</summary>
internal sealed class LocalFlowInitializer : LocalGridInitializer
{
    private const double AskingDrop = 4;

    private LocalFlowInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
        : base(config, weights, generator, config.TrainSize[0], config.TrainSize[1], config.TrainSize)
    {
    }

    /// <summary>Gives a model of optical flow its first weights.</summary>
    /// <inheritdoc cref="LocalInitializer(PerceiverConfig, IReadOnlyDictionary{string, Tensor}, Generator)"/>
    internal static void Apply(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator) =>
        new LocalFlowInitializer(config, weights, generator).Draw();

    private void Draw()
    {
        NormalMatrices(_ => null);
        ReadChanges();
        DrawEncoder();
        AskNeighbours("decoder.decoder.decoding_cross_attention.", AskingDrop);
        this["decoder.decoder.final_layer.weight"].mul_(0.3);
    }

    /// <summary>
    /// The pixels' features: a few of their colours as they are, which say little of motion but vary the most; the others of what differs within
    /// the patches, and between the frames, both enlarged to a like size.
    /// </summary>
    private void ReadChanges()
    {
        // Patches of 3 x 3 pixels.
        const int colours = RgbPlanes.Channels, places = 9;
        const int asTheyAre = 8, withinPatches = 28;
        var patterns = empty(PlaceChannels, places, 1);
        Normal(patterns, 1);
        var within = patterns - patterns.mean([1], keepdim: true);
        var mixed = empty(PlaceChannels, 1, colours);
        Normal(mixed, 0.4);
        // Of both frames alike, or of the second less the first; light and dark say more than hues do.
        var both = (patterns.narrow(0, 0, asTheyAre) * (1 + mixed.narrow(0, 0, asTheyAre)) * Typical(0.4, places * colours)).flatten(1);
        var inside = (within.narrow(0, asTheyAre, withinPatches) * (1 + mixed.narrow(0, asTheyAre, withinPatches)) * Typical(3, places * colours)).flatten(1);
        int rest = PlaceChannels - asTheyAre - withinPatches;
        var between = (patterns.narrow(0, PlaceChannels - rest, rest) * (1 + mixed.narrow(0, PlaceChannels - rest, rest)) * Typical(4, places * colours)).flatten(1);
        this["input_preprocessor.conv_after_patches.weight"].copy_(cat([cat([both, both], 1), cat([inside, inside], 1), cat([-between, between], 1)], 0));
    }

    private static double Typical(double gain, int inputs) => gain * PlaceContent / Math.Sqrt(inputs);
}
