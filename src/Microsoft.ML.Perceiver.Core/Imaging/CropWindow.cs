namespace Microsoft.ML.Perceiver;

/// <summary>The part of a picture that is used: a view, whose pixels beyond the picture's edge are black.</summary>
/// <param name="Top">The picture's row that the view begins at; negative where black rows come first.</param>
/// <param name="Left">The picture's column that the view begins at; negative where black columns come first.</param>
/// <param name="Height">The view's rows.</param>
/// <param name="Width">The view's columns.</param>
internal readonly record struct CropWindow(int Top, int Left, int Height, int Width)
{
    /// <summary>The view that the settings ask for.</summary>
    /// <exception cref="ArgumentException">The view would be absurdly larger than the picture.</exception>
    internal static CropWindow Of(PerceiverImageProcessorOptions options, int height, int width)
    {
        if (!options.DoCenterCrop)
            return new CropWindow(0, 0, height, width);
        int shorter = Math.Min(height, width);
        var (top, rows) = Axis(height, (double)options.Size.Height / options.CropSize.Height * shorter);
        var (left, columns) = Axis(width, (double)options.Size.Width / options.CropSize.Width * shorter);
        return new CropWindow(top, left, rows, columns);
    }

    private static (int Start, int Length) Axis(int picture, double wanted)
    {
        if (wanted > Math.Max(picture, ImageOptionChecks.MaxSide))
            throw new ArgumentException($"The centre crop, size / crop_size of the picture's shorter side, would be {wanted:0} pixels long; {ImageOptionChecks.MaxSide} are allowed.");
        // The reference's crop of a picture of one pixel is empty, and it fails; one pixel is the nearest that works.
        int crop = Math.Max((int)wanted, 1);
        int excess = crop - picture;
        if (excess <= 0)
            return (-excess / 2, crop);
        // Where the padding cannot be the same on both sides, the reference cuts one pixel off it.
        return (-(excess / 2), crop - excess % 2);
    }
}
