namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="PerceiverFeaturesOptions"/> say of pictures, in the form that all heads that read pictures know.</summary>
internal sealed class ImageFeaturesOptions : PerceiverImageOptions
{
    internal ImageFeaturesOptions(PerceiverFeaturesOptions options)
    {
        Device = options.Device;
        Precision = options.Precision;
        BatchSize = options.BatchSize;
        MaxMemoryBytes = options.MaxMemoryBytes;
        Checkpoint = options.Checkpoint;
        ImageColumnName = options.ImageColumnName!;
        ImageProcessor = options.ImageProcessor;
        PixelHeight = options.PixelHeight;
        PixelWidth = options.PixelWidth;
        PixelLayout = options.PixelLayout;
        InterpolatePositions = options.InterpolatePositions;
    }
}
