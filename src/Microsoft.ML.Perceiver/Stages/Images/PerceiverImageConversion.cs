using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>ML.NET's images as images of this library, and the other way round.</summary>
public static class PerceiverImageConversion
{
    private const int Channels = 4, Alpha = 3;

    /// <summary>
    /// The most pixels that an image may have which is decoded or converted here, 89,478,485 by default: a file of a few kilobytes can
    /// stand for gigabytes of pixels. It holds for the whole process. ML.NET's <c>LoadImages</c> decodes before it can be asked;
    /// where files come from strangers, load their bytes (<c>LoadRawImageBytes</c>), which the stages of this library decode themselves.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 500 million.</exception>
    public static int MaxPixels
    {
        get => PixelLimit.Pixels;
        set => PixelLimit.Pixels = value;
    }

    /// <summary>
    /// Decodes an image file (PNG, JPEG, WebP, GIF, BMP). Its size is compared with <see cref="MaxPixels"/> before any pixel is decoded.
    /// </summary>
    /// <param name="file">The file's bytes.</param>
    /// <exception cref="FormatException">It is no such file, damaged, or has too many pixels.</exception>
    public static PerceiverImage DecodeImage(ReadOnlySpan<byte> file) => ImageFile.Decode(file);

    /// <summary>
    /// The image as one of four channels. The pixels are copied, their colours as they were before any alpha was multiplied into
    /// them.
    /// </summary>
    /// <param name="image">The image; it stays the caller's.</param>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    /// <exception cref="ArgumentException">It has more pixels than <see cref="MaxPixels"/>.</exception>
    public static PerceiverImage ToPerceiverImage(this MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var bitmap = MlNetInternals.BitmapOf(image) ?? throw new ObjectDisposedException(nameof(MLImage));
        if (PixelLimit.Fault(bitmap.Height, bitmap.Width) is { } fault)
            throw new ArgumentException(fault, nameof(image));
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
