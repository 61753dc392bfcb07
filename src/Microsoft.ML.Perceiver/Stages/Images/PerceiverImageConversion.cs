using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>ML.NET's images as images of this library, and the other way round.</summary>
public static class PerceiverImageConversion
{
    private const int Channels = 4, Alpha = 3;

    /// <summary>
    /// The image as one of four channels. The pixels are copied, their colours as they were before any alpha was multiplied into
    /// them.
    /// </summary>
    /// <param name="image">The image; it stays the caller's.</param>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    public static PerceiverImage ToPerceiverImage(this MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var bitmap = MlNetInternals.BitmapOf(image) ?? throw new ObjectDisposedException(nameof(MLImage));
        byte[] pixels = new byte[checked(bitmap.Height * bitmap.Width * Channels)];
        int row = bitmap.Width * Channels;
        for (int y = 0; y < bitmap.Height; y++)
            Marshal.Copy(bitmap.GetPixels() + y * bitmap.RowBytes, pixels, y * row, row);
        if (bitmap.AlphaType == SKAlphaType.Premul)
            DivideByAlpha(pixels);
        return new PerceiverImage(bitmap.Height, bitmap.Width, Channels, pixels) { BlueFirst = image.PixelFormat == MLPixelFormat.Bgra32 };
    }

    /// <summary>
    /// The image as one of ML.NET, for a column of images, or for its <c>Save</c>, which writes PNG or JPEG. The pixels are copied.
    /// ML.NET keeps colours with their alpha multiplied in, so those of pixels that are nearly transparent come back less exact.
    /// </summary>
    /// <param name="image">The image: grey, in colour, or in colour with alpha, in any layout.</param>
    /// <returns>An image that the caller disposes.</returns>
    public static MLImage ToMLImage(this PerceiverImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var planes = RgbPlanes.Of(image).Pixels.Span;
        int count = image.Height * image.Width;
        var (alphaAt, alphaStep) = image.Layout == PerceiverImageLayout.ChannelsFirst ? (Alpha * count, 1) : (Alpha, Channels);
        byte[] pixels = new byte[checked(count * Channels)];
        for (int i = 0; i < count; i++)
        {
            byte alpha = image.Channels == Channels ? image.Pixels.Span[alphaAt + i * alphaStep] : byte.MaxValue;
            for (int c = 0; c < Alpha; c++)
                pixels[i * Channels + c] = (byte)((planes[(2 - c) * count + i] * alpha + byte.MaxValue / 2) / byte.MaxValue);
            pixels[i * Channels + Alpha] = alpha;
        }

        return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Bgra32, pixels);
    }

    private static void DivideByAlpha(Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i += Channels)
        {
            int alpha = pixels[i + Alpha];
            if (alpha is 0 or 255)
                continue;
            for (int c = i; c < i + Alpha; c++)
                pixels[c] = (byte)Math.Min(255, (pixels[c] * 255 + alpha / 2) / alpha);
        }
    }
}
