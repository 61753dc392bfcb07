using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What a search for a good image classifier varies: <c>new SearchSpace&lt;PerceiverImageSearchOptions&gt;()</c> of ML.NET's AutoML reads
/// it from the attributes.
/// </summary>
public sealed class PerceiverImageSearchOptions : PerceiverSearchOptions
{
    /// <summary>The column with the image: an <c>MLImage</c>, or its pixels as a vector. The default is "Image".</summary>
    public string ImageColumnName { get; set; } = "Image";

    /// <summary>The height of images that come as vectors, in pixels; null, the default, for square ones.</summary>
    public int? PixelHeight { get; set; }

    /// <summary>The width of images that come as vectors, in pixels; null, the default, for square ones.</summary>
    public int? PixelWidth { get; set; }

    /// <summary>What the values of vectors of Single mean: from 0 to 255 (the default), or from 0 to 1.</summary>
    public PerceiverPixelRange PixelRange { get; set; }

    /// <summary>Whether every second training image is mirrored left to right. The default is false.</summary>
    [BooleanChoice(false)]
    public bool HorizontalFlip { get; set; }

    /// <summary>
    /// The farthest that a training image is moved along an axis, as a share of its side. From 0 to 0.2; the default is 0.1.
    /// </summary>
    [Range(0, 0.2, 0.1)]
    public double MaxShift { get; set; } = 0.1;

    /// <summary>
    /// The smallest share of a training image's area that is cut out and enlarged. From 0.5 to 1; the default is 1, which cuts nothing
    /// out.
    /// </summary>
    [Range(0.5, 1, 1.0)]
    public double MinCropArea { get; set; } = 1;

    /// <summary>
    /// <see cref="PerceiverImageAugmentation.CutMix"/>: the concentration of the shares. 0 for none, or 1; the default is 0.
    /// </summary>
    [Choice([0.0, 1.0], 0.0)]
    public double CutMix { get; set; }

    /// <summary>The trainer's options that these stand for; what else a trainer can be told is set there.</summary>
    /// <returns>New options; changing them does not change these.</returns>
    /// <exception cref="ArgumentException">A value is out of range: of the size, or of the attention's dropout.</exception>
    public PerceiverImageClassificationOptions ToTrainerOptions() => new()
    {
        LabelColumnName = LabelColumnName,
        ImageColumnName = ImageColumnName,
        PixelHeight = PixelHeight,
        PixelWidth = PixelWidth,
        PixelRange = PixelRange,
        Checkpoint = ToCheckpoint(PerceiverPresets.Image),
        Training = ToTraining(),
        Augmentation = new PerceiverImageAugmentation
        {
            HorizontalFlip = HorizontalFlip,
            MaxShift = MaxShift,
            MinCropArea = MinCropArea,
            CutMix = CutMix,
        },
    };
}
