namespace Microsoft.ML.Perceiver;

/// <summary>The weights of an image's places, as an attention map has them, brought back to the image before the image processor.</summary>
public static class PerceiverImageAttention
{
    /// <summary>
    /// A weight for each pixel of an image: the weight of each place is spread evenly over the pixels that it was made of by the image
    /// processor's crop and resize. A convolution sees some pixels beside its place, which get none of its weight.
    /// </summary>
    /// <param name="weights">The weights of the places, row by row.</param>
    /// <param name="gridHeight">Places from top to bottom.</param>
    /// <param name="gridWidth">Places from left to right.</param>
    /// <param name="processor">The settings of the image processor.</param>
    /// <param name="height">The image's height in pixels.</param>
    /// <param name="width">The image's width in pixels.</param>
    /// <returns>
    /// height x width weights, row by row, 0 outside of the crop. Their sum is that of <paramref name="weights"/>, but for places on the
    /// black border that a crop larger than the image has.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="processor"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ArgumentException">
    /// There are not as many weights as places, or the settings do not fit such an image.
    /// </exception>
    public static float[] OverImage(
        ReadOnlySpan<float> weights, int gridHeight, int gridWidth, PerceiverImageProcessorOptions processor, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(processor);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gridHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gridWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (weights.Length != (long)gridHeight * gridWidth)
        {
            throw new ArgumentException(
                $"There are {weights.Length} weights for {gridHeight} x {gridWidth} = {(long)gridHeight * gridWidth} places.",
                nameof(weights));
        }

        var crop = CropWindow.Of(processor, height, width);
        var rows = Shares(crop.Top, crop.Height, gridHeight, height);
        var columns = Shares(crop.Left, crop.Width, gridWidth, width);
        float[] result = new float[height * width];
        foreach (var (row, y, ofRow) in rows)
        {
            foreach (var (column, x, ofColumn) in columns)
                result[y * width + x] += (float)(weights[row * gridWidth + column] * ofRow * ofColumn);
        }

        return result;
    }

    // Of each place along an axis, the pixels that it covers, with the share of the place that is on each.
    private static List<(int Place, int Pixel, double Share)> Shares(int start, int length, int places, int pixels)
    {
        var shares = new List<(int, int, double)>();
        double side = length / (double)places;
        for (int place = 0; place < places; place++)
        {
            double from = start + place * side, to = from + side;
            for (int pixel = Math.Max(0, (int)Math.Floor(from)); pixel < Math.Min(pixels, to); pixel++)
            {
                double covered = Math.Min(pixel + 1, to) - Math.Max(pixel, from);
                if (covered > 0)
                    shares.Add((place, pixel, covered / side));
            }
        }

        return shares;
    }
}
