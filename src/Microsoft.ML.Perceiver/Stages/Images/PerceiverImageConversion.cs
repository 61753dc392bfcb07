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
    /// <c>LoadPerceiverImages</c>, and the stages of this library where they have the bytes of files (<c>LoadRawImageBytes</c>), ask.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 1 to 500 million.</exception>
    public static int MaxPixels
    {
        get => PixelLimit.Pixels;
        set => PixelLimit.Pixels = value;
    }

    /// <summary>
    /// Decodes an image file (PNG, JPEG, WebP, GIF, BMP). Its size is compared with <see cref="MaxPixels"/> before any pixel is decoded.
    /// The image is turned as the file's EXIF orientation says; of an animation it is the first frame.
    /// </summary>
    /// <param name="file">The file's bytes.</param>
    /// <returns>The image.</returns>
    /// <exception cref="PerceiverImageException">It is no such file, damaged, or has too many pixels.</exception>
    public static PerceiverImage DecodeImage(ReadOnlySpan<byte> file) => ImageFile.Decode(file, PixelLimit.Pixels);

    /// <summary>Decodes an image file as <see cref="DecodeImage(ReadOnlySpan{byte})"/> does, with a limit of its own.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="maxPixels">
    /// The most pixels that the image may have, whatever <see cref="MaxPixels"/> is; they are counted before memory is taken for them.
    /// </param>
    /// <returns>The image.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPixels"/> is not from 1 to 500 million.</exception>
    /// <exception cref="PerceiverImageException">It is no such file, damaged, or has too many pixels.</exception>
    public static PerceiverImage DecodeImage(ReadOnlySpan<byte> file, int maxPixels)
    {
        PixelLimit.Check(maxPixels);
        return ImageFile.Decode(file, maxPixels);
    }

    /// <summary>
    /// The image as one of four channels. The pixels are copied, their colours as they were before any alpha was multiplied into
    /// them. Images that <c>MLImage.CreateFromPixels</c> made do not say whether that was done; where a colour is above its alpha, it
    /// was not. ML.NET's own decoding loses the colours of pixels without any opacity; <see cref="DecodeImage(ReadOnlySpan{byte})"/>
    /// keeps them.
    /// </summary>
    /// <param name="image">The image; it stays the caller's.</param>
    /// <returns>The image, with four channels.</returns>
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
        if (bitmap.AlphaType == SKAlphaType.Premul && IsMultiplied(pixels))
            DivideByAlpha(pixels);
        return new PerceiverImage(bitmap.Height, bitmap.Width, Channels, pixels) { BlueFirst = image.PixelFormat == MLPixelFormat.Bgra32 };
    }

    /// <summary>
    /// The image as one of ML.NET, for a column of images, or for its <c>Save</c>, which writes PNG or JPEG. The pixels are copied.
    /// Where there is transparency, the colours stay as they are, and the bitmap says that no alpha was multiplied into them.
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
        bool isOpaque = true;
        for (int i = 0; i < count; i++)
        {
            byte alpha = image.Channels == Channels ? image.Pixels.Span[alphaAt + i * alphaStep] : byte.MaxValue;
            isOpaque &= alpha == byte.MaxValue;
            for (int c = 0; c < Alpha; c++)
                pixels[i * Channels + c] = planes[(2 - c) * count + i];
            pixels[i * Channels + Alpha] = alpha;
        }

        if (isOpaque)
            return MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Bgra32, pixels);
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Unpremul));
        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        return MlNetInternals.CreateImage(bitmap);
    }

    // No colour that was multiplied by its alpha is above it.
    private static bool IsMultiplied(ReadOnlySpan<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i += Channels)
        {
            byte alpha = pixels[i + Alpha];
            if (pixels[i] > alpha || pixels[i + 1] > alpha || pixels[i + 2] > alpha)
                return false;
        }

        return true;
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
