using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Initialises image classifiers by <see cref="PerceiverInitialization.LocalImage"/>.</summary>
internal sealed class LocalImageInitializer : LocalGridInitializer
{
    private LocalImageInitializer(
        PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator, int side, IReadOnlyList<int> resolutions)
        : base(config, weights, generator, side, side, resolutions)
    {
    }

    /// <summary>Initialises a classifier.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="weights">The model's weights by state-dictionary name; all of them must have memory.</param>
    /// <param name="generator">The random number generator.</param>
    /// <param name="resolutions">The resolutions of the preprocessor's Fourier positions, of height and width.</param>
    internal static void Apply(
        PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator, IReadOnlyList<int> resolutions) =>
        new LocalImageInitializer(config, weights, generator, ConvDownsample.OutputSide(config.ImageSize), resolutions).Draw();

    private void Draw()
    {
        DrawMatrices(_ => null);
        this["input_preprocessor.convnet.batchnorm.weight"].fill_(Scalars.Kept(InputContent));
        DrawEncoder();
        this["decoder.decoder.final_layer.weight"].mul_(Scalars.Kept(0.3));
    }
}
