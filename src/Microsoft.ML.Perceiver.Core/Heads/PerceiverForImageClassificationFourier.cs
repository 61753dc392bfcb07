namespace Microsoft.ML.Perceiver;

/// <summary>
/// Image classification from pixels and Fourier positions (reference class <c>PerceiverForImageClassificationFourier</c>). Images may
/// have any size; the published weights were trained at 224 x 224.
/// </summary>
public sealed class PerceiverForImageClassificationFourier : PerceiverForImageClassification
{
    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; its labels give the width of the output.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForImageClassificationFourier(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForImageClassificationFourier), Preprocessor, initialize, seed)
    {
    }

    internal static PerceiverImagePreprocessorOptions Preprocessor(PerceiverConfig config) => new()
    {
        PrepType = PerceiverImagePrepType.Pixels,
        SpatialDownsample = 1,
        PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(64, [224, 224])),
    };
}
