using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>ML.NET's images as pictures of this library.</summary>
internal static class MlImagePixels
{
    private const int Channels = 4, Alpha = 3;

    /// <summary>The image's pixels, copied, their colours as they were before any alpha was multiplied into them.</summary>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    internal static PerceiverImage Read(MLImage image)
    {
        var bitmap = MlNetInternals.BitmapOf(image) ?? throw new ObjectDisposedException(nameof(MLImage));
        byte[] pixels = new byte[checked(bitmap.Height * bitmap.Width * Channels)];
        int row = bitmap.Width * Channels;
        for (int y = 0; y < bitmap.Height; y++)
            Marshal.Copy(bitmap.GetPixels() + y * bitmap.RowBytes, pixels, y * row, row);
        if (bitmap.AlphaType == SKAlphaType.Premul)
            TakeAlphaOut(pixels);
        return new PerceiverImage(bitmap.Height, bitmap.Width, Channels, pixels) { BlueFirst = image.PixelFormat == MLPixelFormat.Bgra32 };
    }

    /// <summary>A picture of this library as ML.NET's image, which the caller disposes.</summary>
    internal static MLImage Write(PerceiverImage image)
    {
        var planes = RgbPlanes.Of(image).Pixels.Span;
        int count = image.Height * image.Width;
        byte[] pixels = new byte[checked(count * Channels)];
        for (int i = 0; i < count; i++)
        {
            int at = i * Channels;
            (pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + Alpha]) = (planes[2 * count + i], planes[count + i], planes[i], byte.MaxValue);
        }

        return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Bgra32, pixels);
    }

    private static void TakeAlphaOut(Span<byte> pixels)
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
