using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>What the heads that read images can be told.</summary>
public abstract class PerceiverImageOptions : PerceiverOptions, IImageOptions
{
    /// <summary>
    /// The column with the image: an <c>MLImage</c>, or its pixels as a vector of Single or Byte of known size, each from 0 to 255, or,
    /// with <see cref="PixelRange"/>, from 0 to 1. The default is "Image".
    /// </summary>
    [Required]
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>
    /// How images are cut, resized and normalised; null, the default, takes the checkpoint's <c>preprocessor_config.json</c>, or, where it
    /// has none, the middle square at <see cref="PerceiverConfig.ImageSize"/>, bicubic, with ImageNet's mean and deviation.
    /// </summary>
    [NotSaved]
    public PerceiverImageProcessorOptions? ImageProcessor { get; set; }

    /// <summary>The height of images that come as vectors, in pixels; null, the default, for square ones in grey or colour.</summary>
    [Range(1, int.MaxValue)]
    public int? PixelHeight { get; set; }

    /// <summary>The width of images that come as vectors, in pixels; null, the default, for square ones.</summary>
    [Range(1, int.MaxValue)]
    public int? PixelWidth { get; set; }

    /// <summary>
    /// The order of a vector's values: a plane for each channel, as ML.NET's <c>ExtractPixels</c> writes them (the default), or the
    /// channels of a pixel side by side. Red comes before green and blue.
    /// </summary>
    public PerceiverImageLayout PixelLayout { get; set; } = PerceiverImageLayout.ChannelsFirst;

    /// <summary>
    /// What the values of a vector of Single mean: from 0 to 255 (the default), or from 0 to 1. Vectors of Byte are always from 0 to 255.
    /// The values are rounded to bytes, but for numbers from 0 to 1 with an image processor whose
    /// <see cref="PerceiverImageProcessorOptions.DoRescale"/> is false: it takes them as they are, as the reference does. Training rounds
    /// these too.
    /// </summary>
    public PerceiverPixelRange PixelRange { get; set; }

    /// <summary>
    /// Whether a head with learnt positions takes images of another size than it was trained at, with its positions stretched over them.
    /// The default is false, which refuses them.
    /// </summary>
    public bool InterpolatePositions { get; set; }

    internal override IReadOnlyList<InputColumn> Inputs => [((IImageOptions)this).CreateReader().Input];

    private protected override void CheckTogether() => ((IImageOptions)this).CheckTogether();
}
