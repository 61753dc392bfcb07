namespace Microsoft.ML.Perceiver;

/// <summary>Settings of <see cref="PerceiverFlowGenerator"/>.</summary>
public sealed record PerceiverFlowGeneratorOptions
{
    /// <summary>The frames' height in pixels. The default is 64.</summary>
    public int Height { get; init; } = 64;

    /// <summary>The frames' width in pixels. The default is 64.</summary>
    public int Width { get; init; } = 64;

    /// <summary>
    /// The longest translation of a layer, in pixels; the affine map and bending add to it. Short translations are more frequent than long
    /// ones. The default is 8.
    /// </summary>
    public double MaxShift { get; init; } = 8;

    /// <summary>The largest number of layers before the background. The default is 3.</summary>
    public int MaxLayers { get; init; } = 3;

    /// <summary>
    /// The largest motion of the frame's corners by the affine map, as a share of <see cref="MaxShift"/>. The default is 0.3.
    /// </summary>
    public double AffineShare { get; init; } = 0.3;

    /// <summary>The largest motion of a pixel by bending, as a share of <see cref="MaxShift"/>. The default is 0.12.</summary>
    public double BendingShare { get; init; } = 0.12;

    /// <summary>The largest standard deviation of the noise of both frames, as a share of white. The default is 0.015.</summary>
    public double Noise { get; init; } = 0.015;

    /// <summary>The largest difference of the frames' brightness, as a share of white. The default is 0.02.</summary>
    public double BrightnessChange { get; init; } = 0.02;

    /// <summary>The seed: the same one gives the same examples. The default is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Height > 0, nameof(Height), Height, "positive");
        Require(Width > 0, nameof(Width), Width, "positive");
        Require(MaxShift is >= 0 and < 10000, nameof(MaxShift), MaxShift, "at least 0 and below 10000");
        Require(MaxLayers is >= 0 and <= 100, nameof(MaxLayers), MaxLayers, "from 0 to 100");
        Require(AffineShare is >= 0 and <= 1, nameof(AffineShare), AffineShare, "from 0 to 1");
        Require(BendingShare is >= 0 and <= 1, nameof(BendingShare), BendingShare, "from 0 to 1");
        Require(Noise is >= 0 and <= 1, nameof(Noise), Noise, "from 0 to 1");
        Require(BrightnessChange is >= 0 and <= 1, nameof(BrightnessChange), BrightnessChange, "from 0 to 1");
        // The affine map and bending must not fold a layer: a point would be at two positions.
        double side = Math.Min(Height, Width);
        double steepest = MaxShift * (AffineShare * 2 + BendingShare * LayerMotion.SteepestBend) / side;
        const string needed = "shorter for frames so small, or the shares of turning and bending smaller: the layers would fold";
        Require(steepest < 0.7, nameof(MaxShift), MaxShift, needed);
    }

    private static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}.");
    }
}
