namespace Microsoft.ML.Perceiver;

/// <summary>The steps of the image processor for images of floating-point numbers.</summary>
internal static class FloatPixels
{
    // Numbers that differ from whole ones by less than this, a part of them and a constant, are taken for whole ones by the reference.
    private const double Relative = 1e-5, Absolute = 1e-8;

    /// <summary>A number after the step of rescaling; the reference computes it in float32 where it is one.</summary>
    internal static float Rescaled(float value, PerceiverImageProcessorOptions options) =>
        options.DoRescale ? value * (float)options.RescaleFactor : value;

    /// <summary>Whether the image's numbers are from 0 to 1; otherwise they are whole ones from 0 to 255.</summary>
    /// <param name="image">The image.</param>
    /// <param name="crop">The part of it that is looked at.</param>
    /// <exception cref="ArgumentException">They are neither.</exception>
    internal static bool IsUnit(PerceiverFloatImage image, CropWindow crop)
    {
        var pixels = image.Pixels.Span;
        float least = 0, most = 0;
        bool isWhole = true;
        int bottom = Math.Min(crop.Top + crop.Height, image.Height), right = Math.Min(crop.Left + crop.Width, image.Width);
        for (int c = 0; c < Colours(image); c++)
        {
            for (int y = Math.Max(crop.Top, 0); y < bottom; y++)
            {
                for (int x = Math.Max(crop.Left, 0); x < right; x++)
                {
                    float value = pixels[IndexOf(image, c, y, x)];
                    // Where one is no number, the least is none either.
                    least = MathF.Min(least, value);
                    most = MathF.Max(most, value);
                    double whole = Math.Truncate(value);
                    isWhole &= Math.Abs(value - whole) <= Absolute + Relative * Math.Abs(whole);
                }
            }
        }

        if (least >= 0 && most <= (isWhole ? byte.MaxValue : 1))
            return !isWhole;
        throw new ArgumentException(
            $"The image has numbers from {least} to {most}; to be resized, they must be from 0 to 1, or all be whole ones from 0 to 255.");
    }

    /// <summary>The bytes of an image, without the numbers' fractions; what lies outside the crop may have other numbers.</summary>
    /// <param name="image">The image.</param>
    /// <param name="isUnit">Whether its numbers are from 0 to 1.</param>
    internal static PerceiverImage ToBytes(PerceiverFloatImage image, bool isUnit)
    {
        var pixels = image.Pixels.Span;
        float scale = isUnit ? byte.MaxValue : 1;
        byte[] bytes = new byte[pixels.Length];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp(pixels[i] * scale, 0, byte.MaxValue);
        return new PerceiverImage(image.Height, image.Width, image.Channels, bytes, image.Layout);
    }

    /// <summary>Crops, rescales and normalises an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="crop">The part of it; what lies outside the image is 0.</param>
    /// <param name="options">The processor's settings.</param>
    /// <param name="channels">The channels of the result.</param>
    /// <param name="layout">The layout of the result.</param>
    /// <param name="destination">Receives the result.</param>
    internal static void Write(
        PerceiverFloatImage image,
        CropWindow crop,
        PerceiverImageProcessorOptions options,
        int channels,
        PerceiverImageLayout layout,
        Span<float> destination)
    {
        var pixels = image.Pixels.Span;
        for (int c = 0; c < channels; c++)
        {
            float mean = (float)options.ImageMean[c % options.ImageMean.Count];
            float deviation = (float)options.ImageStd[c % options.ImageStd.Count];
            int source = Math.Min(c, Colours(image) - 1);
            for (int row = 0; row < crop.Height; row++)
            {
                var place = RowPlace.Of(layout, channels, crop.Height, crop.Width, row);
                int start = place.Start + c * place.ChannelStride;
                int y = crop.Top + row;
                for (int column = 0; column < crop.Width; column++)
                {
                    int x = crop.Left + column;
                    bool isInside = y >= 0 && y < image.Height && x >= 0 && x < image.Width;
                    float value = Rescaled(isInside ? pixels[IndexOf(image, source, y, x)] : 0, options);
                    destination[start + column * place.PixelStride] = options.DoNormalize ? (value - mean) / deviation : value;
                }
            }
        }
    }

    // Without alpha.
    private static int Colours(PerceiverFloatImage image) => image.Channels == 1 ? 1 : 3;

    private static int IndexOf(PerceiverFloatImage image, int channel, int y, int x) => image.Layout == PerceiverImageLayout.ChannelsFirst
        ? (channel * image.Height + y) * image.Width + x
        : (y * image.Width + x) * image.Channels + channel;
}
