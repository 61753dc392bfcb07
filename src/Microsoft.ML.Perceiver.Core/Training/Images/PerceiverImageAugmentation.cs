namespace Microsoft.ML.Perceiver;

/// <summary>How training pictures are varied each time they are seen. Validation pictures never are.</summary>
public sealed record PerceiverImageAugmentation
{
    /// <summary>Every second picture is mirrored left to right. Not for pictures of writing, or where left and right tell classes apart.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>The farthest that a picture is moved along each axis, as a share of its side; its edge is repeated where nothing is left.</summary>
    public double MaxShift { get; init; }

    /// <summary>
    /// The smallest share of the picture's area that is cut out and enlarged to the whole; the share is drawn evenly between it and 1. 1 cuts
    /// nothing out.
    /// </summary>
    public double MinCropArea { get; init; } = 1;

    /// <summary>The largest ratio of a cut's stretch along one axis to the other's, and the reverse. 1 keeps the sides' proportion.</summary>
    public double MaxCropStretch { get; init; } = 4.0 / 3;

    /// <summary>The most that brightness is raised or lowered, as a share of the whole range.</summary>
    public double Brightness { get; init; }

    /// <summary>The most that contrast is raised or lowered, as a share of itself.</summary>
    public double Contrast { get; init; }

    /// <summary>
    /// Concentration of the Beta distribution that the shares of MixUp are drawn from (Zhang et al. 2018): two pictures are blended, and the
    /// loss is that of both targets. 0 for none.
    /// </summary>
    public double MixUp { get; init; }

    /// <summary>
    /// Concentration of the Beta distribution that the shares of CutMix are drawn from (Yun et al. 2019): a box of one picture is put into
    /// another, and the loss is that of both targets. 0 for none. Where there is MixUp too, each batch draws one of them.
    /// </summary>
    public double CutMix { get; init; }

    /// <summary>The share of the batches that are mixed at all.</summary>
    public double MixProbability { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(MaxShift is >= 0 and <= 1, nameof(MaxShift), MaxShift, "from 0 to 1");
        Require(MinCropArea is > 0 and <= 1, nameof(MinCropArea), MinCropArea, "above 0 and at most 1");
        Require(MaxCropStretch is >= 1 and < double.PositiveInfinity, nameof(MaxCropStretch), MaxCropStretch, "at least 1");
        Require(Brightness is >= 0 and <= 1, nameof(Brightness), Brightness, "from 0 to 1");
        Require(Contrast is >= 0 and < 1, nameof(Contrast), Contrast, "at least 0 and below 1");
        Require(MixUp is >= 0 and < double.PositiveInfinity, nameof(MixUp), MixUp, "at least 0");
        Require(CutMix is >= 0 and < double.PositiveInfinity, nameof(CutMix), CutMix, "at least 0");
        Require(MixProbability is >= 0 and <= 1, nameof(MixProbability), MixProbability, "from 0 to 1");
    }

    private static void Require(bool holds, string name, double value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}.");
    }
}
