namespace Microsoft.ML.Perceiver;

/// <summary>The part of an image that is used; pixels outside the image are black.</summary>
/// <param name="Top">The first row in the image; negative where black rows come first.</param>
/// <param name="Left">The first column in the image; negative where black columns come first.</param>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
internal readonly record struct CropWindow(int Top, int Left, int Height, int Width)
{
    /// <summary>The part that the settings describe.</summary>
    /// <exception cref="ArgumentException">The part would be much larger than the image.</exception>
    internal static CropWindow Of(PerceiverImageProcessorOptions options, int height, int width)
    {
        if (!options.DoCenterCrop)
            return new CropWindow(0, 0, height, width);
        int shorter = Math.Min(height, width);
        var (top, rows) = Axis(height, (double)options.Size.Height / options.CropSize.Height * shorter);
        var (left, columns) = Axis(width, (double)options.Size.Width / options.CropSize.Width * shorter);
        return new CropWindow(top, left, rows, columns);
    }

    /// <summary>A box in pixels of the image as shares of this part.</summary>
    internal Box ToShares(Box pixels) => new(
        (pixels.Left - Left) / Width, (pixels.Top - Top) / Height, (pixels.Right - Left) / Width, (pixels.Bottom - Top) / Height);

    /// <summary>A box in shares of this part as pixels of the image.</summary>
    internal Box ToPixels(Box shares) => new(
        shares.Left * Width + Left, shares.Top * Height + Top, shares.Right * Width + Left, shares.Bottom * Height + Top);

    private static (int Start, int Length) Axis(int image, double wanted)
    {
        if (wanted > Math.Max(image, ImageOptionChecks.MaxSide))
        {
            throw new ArgumentException(
                $"The centre crop, size / crop_size of the image's shorter side, would be {wanted:0} pixels long; "
                + $"{ImageOptionChecks.MaxSide} are allowed.");
        }

        // The reference fails with an empty crop for an image of one pixel; here the crop has at least one pixel.
        int crop = Math.Max((int)wanted, 1);
        int excess = crop - image;
        if (excess <= 0)
            return (-excess / 2, crop);
        // Where the padding cannot be the same on both sides, the reference makes it one pixel smaller.
        return (-(excess / 2), crop - excess % 2);
    }
}
