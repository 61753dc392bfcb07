using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The first weights of <see cref="PerceiverInitialization.LocalImage"/>.</summary>
internal sealed class LocalImageStart : LocalGridStart
{
    private LocalImageStart(PerceiverForImageClassificationConvProcessing model, Generator generator, int side)
        : base(model, generator, side, side, PerceiverForImageClassificationConvProcessing.PositionResolution)
    {
    }

    /// <summary>Gives a classifier its first weights; all of them must have memory.</summary>
    /// <exception cref="ArgumentException">The model is another.</exception>
    internal static void Apply(PerceiverPreTrainedModel model, long seed)
    {
        if (model is not PerceiverForImageClassificationConvProcessing classifier)
            throw new ArgumentException($"{nameof(PerceiverInitialization.LocalImage)} is for {nameof(PerceiverForImageClassificationConvProcessing)}, not {model.GetType().Name}.");
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        new LocalImageStart(classifier, generator, ConvDownsample.OutputSide(model.Config.ImageSize)).Draw();
    }

    private void Draw()
    {
        NormalMatrices(_ => null);
        this["input_preprocessor.convnet.batchnorm.weight"].fill_(PlaceContent);
        DrawEncoder();
        this["decoder.decoder.final_layer.weight"].mul_(0.3);
    }
}
