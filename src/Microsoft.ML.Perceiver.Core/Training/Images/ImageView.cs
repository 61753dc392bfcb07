namespace Microsoft.ML.Perceiver;

/// <summary>A variation of a training image: a box of it, mirrored or not, brighter or darker.</summary>
/// <param name="Top">The box's upper edge, as a share of the image's height; it may lie outside.</param>
/// <param name="Left">The box's left edge, as a share of the width.</param>
/// <param name="Height">The box's height, as a share of the image's.</param>
/// <param name="Width">The box's width, as a share of the image's.</param>
/// <param name="Flip">Whether left and right are exchanged.</param>
/// <param name="Contrast">The factor of the distance from medium grey.</param>
/// <param name="Brightness">What is added, as a share of the range.</param>
internal readonly record struct ImageView(
    double Top, double Left, double Height, double Width, bool Flip, double Contrast, double Brightness)
{
    /// <summary>The image as it is.</summary>
    internal static ImageView Whole { get; } = new(0, 0, 1, 1, false, 1, 0);

    /// <summary>Draws a view. As many random numbers are drawn whatever their values are.</summary>
    internal static ImageView Draw(PerceiverImageAugmentation options, PerceiverRandom random)
    {
        double area = options.MinCropArea + (1 - options.MinCropArea) * random.NextDouble();
        double stretch = options.MinCropArea < 1 ? Math.Exp(Symmetric(random) * Math.Log(options.MaxCropStretch)) : 1;
        double height = Math.Min(1, Math.Sqrt(area / stretch));
        double width = Math.Min(1, Math.Sqrt(area * stretch));
        double top = (1 - height) * random.NextDouble() + options.MaxShift * Symmetric(random);
        double left = (1 - width) * random.NextDouble() + options.MaxShift * Symmetric(random);
        bool flip = random.NextDouble() < 0.5 && options.HorizontalFlip;
        double contrast = 1 + options.Contrast * Symmetric(random);
        double brightness = options.Brightness * Symmetric(random);
        return new ImageView(top, left, height, width, flip, contrast, brightness);
    }

    /// <summary>A box in shares of the image as shares of the view.</summary>
    internal Box OfBox(Box box)
    {
        float left = (float)((box.Left - Left) / Width), right = (float)((box.Right - Left) / Width);
        float top = (float)((box.Top - Top) / Height), bottom = (float)((box.Bottom - Top) / Height);
        return Flip ? new Box(1 - right, top, 1 - left, bottom) : new Box(left, top, right, bottom);
    }

    // Uniform from -1 to 1.
    private static double Symmetric(PerceiverRandom random) => 2 * random.NextDouble() - 1;
}
