namespace Microsoft.ML.Perceiver;

/// <summary>What the heads that read pictures can be told.</summary>
public abstract class PerceiverImageOptions : PerceiverOptions
{
    /// <summary>
    /// The column with the picture: an <c>MLImage</c>, or its pixels as a vector of Single or Byte of known size, each from 0 to 255. The default
    /// is "Image".
    /// </summary>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>The weights to start from. The default is none.</summary>
    public PerceiverCheckpoint? Checkpoint { get; set; }

    /// <summary>
    /// How pictures are cut, resized and normalised; null, the default, takes the checkpoint's <c>preprocessor_config.json</c>, or, where it has
    /// none, the middle square at <see cref="PerceiverConfig.ImageSize"/>, bicubic, with ImageNet's mean and deviation.
    /// </summary>
    public PerceiverImageProcessorOptions? ImageProcessor { get; set; }

    /// <summary>
    /// The height of pictures that come as vectors, in pixels; null, the default, for square ones in grey or colour, whose size says it.
    /// </summary>
    public int? PixelHeight { get; set; }

    /// <summary>The width of pictures that come as vectors, in pixels; null, the default, for square ones.</summary>
    public int? PixelWidth { get; set; }

    /// <summary>
    /// The order of a vector's values: a plane for each channel, as ML.NET's <c>ExtractPixels</c> writes them (the default), or the channels of
    /// a pixel side by side. Red comes before green and blue.
    /// </summary>
    public PerceiverImageLayout PixelLayout { get; set; } = PerceiverImageLayout.ChannelsFirst;

    /// <summary>
    /// Whether a head with learnt positions takes pictures of another size than it was trained at, with its positions stretched over them. The
    /// default is false, which refuses them.
    /// </summary>
    public bool InterpolatePositions { get; set; }

    internal override void Validate()
    {
        base.Validate();
        RequireName(ImageColumnName, nameof(ImageColumnName));
        ImageProcessor?.Validate();
        RequirePixelSize(PixelHeight, PixelWidth);
        if (!Enum.IsDefined(PixelLayout))
            throw new ArgumentOutOfRangeException(nameof(PixelLayout), PixelLayout, "This is no layout.");
    }

    /// <summary>The column with pictures.</summary>
    internal InputColumn ImageInput => new ImageReader(ImageColumnName, PixelHeight, PixelWidth, PixelLayout).Input;

    /// <summary>The image processor for a checkpoint.</summary>
    internal PerceiverImageProcessorOptions ProcessorFor(PerceiverCheckpoint checkpoint)
    {
        var size = new PerceiverImageSize(checkpoint.Config.ImageSize);
        return ImageProcessor ?? checkpoint.ImageProcessor ?? new PerceiverImageProcessorOptions { CropSize = size, Size = size };
    }
}
