namespace Microsoft.ML.Perceiver;

/// <summary>
/// Image classification with learnt positions and a 1 x 1 convolution (reference class <c>PerceiverForImageClassificationLearned</c>).
/// Images are <see cref="PerceiverConfig.ImageSize"/> pixels high and wide, or of any size with <see cref="InterpolatePositions"/>.
/// </summary>
public sealed class PerceiverForImageClassificationLearned : PerceiverForImageClassification
{
    // Fixed in the reference, whatever the configuration says.
    private const int Channels = 256;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; its labels give the width of the output.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForImageClassificationLearned(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForImageClassificationLearned), Preprocessor, initialize, seed)
    {
    }

    /// <summary>
    /// Whether images of another size than <see cref="PerceiverConfig.ImageSize"/> are accepted: the positions are then resized by bicubic
    /// interpolation. False refuses such images.
    /// </summary>
    public bool InterpolatePositions
    {
        get => ImagePreprocessor.InterpolatePositions;
        set => ImagePreprocessor.InterpolatePositions = value;
    }

    private PerceiverImagePreprocessor ImagePreprocessor => (PerceiverImagePreprocessor)_perceiver.InputPreprocessor!;

    internal static PerceiverImagePreprocessorOptions Preprocessor(PerceiverConfig config) => new()
    {
        PrepType = PerceiverImagePrepType.Conv1x1,
        SpatialDownsample = 1,
        OutChannels = Channels,
        PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(Channels, checked(config.ImageSize * config.ImageSize)) with
        {
            ProjectPositionChannels = Channels,
        },
    };
}
