using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Image classification with a convolution that quarters height and width, and Fourier positions (reference class
/// <c>PerceiverForImageClassificationConvProcessing</c>). Images may have any size from 5 pixels a side; the published weights were trained
/// at 224 x 224.
/// </summary>
public sealed class PerceiverForImageClassificationConvProcessing : PerceiverForImageClassification
{
    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; its labels give the width of the output.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForImageClassificationConvProcessing(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForImageClassificationConvProcessing), Preprocessor, initialize, seed)
    {
    }

    internal static IReadOnlyList<int> PositionResolution { get; } = [56, 56];

    internal static PerceiverImagePreprocessorOptions Preprocessor(PerceiverConfig config) => new()
    {
        PrepType = PerceiverImagePrepType.Conv,
        SpatialDownsample = 1,
        PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(64, PositionResolution)),
    };

    private protected override void InitializeLocally(
        PerceiverInitialization initialization, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        if (initialization == PerceiverInitialization.LocalImage)
            LocalImageInitializer.Apply(Config, weights, generator, PositionResolution);
        else
            base.InitializeLocally(initialization, weights, generator);
    }
}
