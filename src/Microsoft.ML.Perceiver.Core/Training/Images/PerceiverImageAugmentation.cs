namespace Microsoft.ML.Perceiver;

/// <summary>How training images are varied each time they are read. Validation images never are.</summary>
public sealed record PerceiverImageAugmentation
{
    /// <summary>
    /// Whether half of the images are mirrored left to right. Not for images of text, or where left and right tell classes apart.
    /// </summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>The farthest shift along each axis, as a share of the image's side; the edge pixels are repeated beyond the edge.</summary>
    public double MaxShift { get; init; }

    /// <summary>
    /// The smallest share of the image's area that is cropped and enlarged to the whole, drawn between it and 1. 1 crops nothing.
    /// </summary>
    public double MinCropArea { get; init; } = 1;

    /// <summary>The largest ratio of a crop's stretch along one axis to the other's, and the reverse. 1 keeps the aspect ratio.</summary>
    public double MaxCropStretch { get; init; } = 4.0 / 3;

    /// <summary>The most that brightness is raised or lowered, as a share of the whole range.</summary>
    public double Brightness { get; init; }

    /// <summary>The most that contrast is raised or lowered, as a share of itself.</summary>
    public double Contrast { get; init; }

    /// <summary>
    /// Concentration of the Beta distribution of MixUp's shares (Zhang et al. 2018): two images are blended, and the loss is that of both
    /// targets. 0 for none.
    /// </summary>
    public double MixUp { get; init; }

    /// <summary>
    /// Concentration of the Beta distribution of CutMix's shares (Yun et al. 2019): a box of one image is put into another, and the loss is
    /// that of both targets. 0 for none. Where there is MixUp too, each batch draws one of them.
    /// </summary>
    public double CutMix { get; init; }

    /// <summary>The share of the batches that are mixed at all.</summary>
    public double MixProbability { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        OptionRange.Require(MaxShift is >= 0 and <= 1, nameof(MaxShift), MaxShift, "from 0 to 1");
        OptionRange.Require(MinCropArea is > 0 and <= 1, nameof(MinCropArea), MinCropArea, "above 0 and at most 1");
        OptionRange.Require(MaxCropStretch is >= 1 and < double.PositiveInfinity, nameof(MaxCropStretch), MaxCropStretch, "at least 1");
        OptionRange.Require(Brightness is >= 0 and <= 1, nameof(Brightness), Brightness, "from 0 to 1");
        OptionRange.Require(Contrast is >= 0 and < 1, nameof(Contrast), Contrast, "at least 0 and below 1");
        OptionRange.Require(MixUp is >= 0 and < double.PositiveInfinity, nameof(MixUp), MixUp, "at least 0");
        OptionRange.Require(CutMix is >= 0 and < double.PositiveInfinity, nameof(CutMix), CutMix, "at least 0");
        OptionRange.Require(MixProbability is >= 0 and <= 1, nameof(MixProbability), MixProbability, "from 0 to 1");
    }
}
