namespace Microsoft.ML.Perceiver;

/// <summary>The shape of an image that comes as a vector.</summary>
internal sealed record PixelShape(int Height, int Width, int Channels)
{
    /// <summary>Checks the size of images that come as vectors.</summary>
    /// <exception cref="ArgumentException">One of the two is given without the other.</exception>
    internal static void CheckTogether(int? pixelHeight, int? pixelWidth)
    {
        if (pixelHeight is null != pixelWidth is null)
            throw new ArgumentException("PixelHeight and PixelWidth must both be given, or neither.", "PixelWidth");
    }

    /// <summary>The shape that a number of values has; null where it has none.</summary>
    /// <param name="size">The number of values.</param>
    /// <param name="height">The height; null for a square in three channels or one.</param>
    /// <param name="width">The width.</param>
    internal static PixelShape? Find(int size, int? height, int? width)
    {
        if (size <= 0)
            return null;
        if (height is { } h && width is { } w)
        {
            long pixels = (long)h * w;
            return size % pixels == 0 && size / pixels is 1 or 3 or 4 ? new PixelShape(h, w, (int)(size / pixels)) : null;
        }

        // No number is both a square and three times a square.
        foreach (int channels in (int[])[3, 1])
        {
            int side = (int)Math.Round(Math.Sqrt(size / (double)channels));
            if ((long)side * side * channels == size)
                return new PixelShape(side, side, channels);
        }

        return null;
    }
}
