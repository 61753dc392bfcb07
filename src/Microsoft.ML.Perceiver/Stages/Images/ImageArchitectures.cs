namespace Microsoft.ML.Perceiver;

/// <summary>Which configurations read pictures.</summary>
internal static class ImageArchitectures
{
    /// <summary>Whether a configuration's architecture is an image classifier.</summary>
    internal static bool Has(PerceiverConfig config) => HeadClass.Of(config)?.ImagePreprocessor is not null;

    /// <summary>Checks that a processor's pictures have the size that learnt positions were made for.</summary>
    /// <param name="config">The configuration, with its architecture.</param>
    /// <param name="processor">The processor.</param>
    /// <param name="interpolate">Whether positions are stretched over other sizes.</param>
    /// <exception cref="ArgumentException">They have another.</exception>
    internal static void CheckSize(PerceiverConfig config, PerceiverImageProcessorOptions processor, bool interpolate)
    {
        bool learned = config.Architectures is [nameof(PerceiverForImageClassificationLearned), ..];
        if (learned && processor.DoResize && processor.Size != new PerceiverImageSize(config.ImageSize) && !interpolate)
        {
            throw new ArgumentException(
                $"The image processor makes pictures of {processor.Size} pixels; the model was made for {config.ImageSize} x {config.ImageSize} (image_size). Set the processor's Size, or InterpolatePositions.");
        }
    }
}
