namespace Microsoft.ML.Perceiver;

/// <summary>How training frames are varied, differently each time.</summary>
public sealed record PerceiverFlowAugmentation
{
    /// <summary>Whether half of the pairs are mirrored left to right. The default is false.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Whether half of the pairs are turned upside down. The default is false.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>How much brighter or darker both frames become at most, as a share of white. The default is 0.</summary>
    public double Brightness { get; init; }

    /// <summary>How much the contrast of both frames grows or shrinks at most, as a share of it. The default is 0.</summary>
    public double Contrast { get; init; }

    /// <summary>Whether half of the pairs have their colours in another order. The default is false.</summary>
    public bool ShuffleColors { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        OptionRange.Require(Brightness is >= 0 and <= 1, nameof(Brightness), Brightness, "from 0 to 1");
        OptionRange.Require(Contrast is >= 0 and < 1, nameof(Contrast), Contrast, "at least 0 and below 1");
    }
}
