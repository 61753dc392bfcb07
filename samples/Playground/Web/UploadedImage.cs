using System.Runtime.InteropServices;
using Microsoft.ML.Perceiver;
using SkiaSharp;

namespace Playground;

/// <summary>Images that are uploaded, made smaller, and sent back.</summary>
internal static class UploadedImage
{
    /// <summary>Decodes a file, and turns it as its EXIF orientation says.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="maxMegapixels">The most megapixels; looked at before any memory is taken for them.</param>
    /// <exception cref="UserException">It is no image, damaged, or too large.</exception>
    public static PerceiverImage Decode(byte[] file, string name, int maxMegapixels)
    {
        try
        {
            return PerceiverImageConversion.DecodeImage(file, maxMegapixels * 1_000_000);
        }
        catch (PerceiverImageException e)
        {
            throw new UserException(e.Fault switch
            {
                PerceiverImageFault.NoImage => $"'{name}' is no image that can be read here: PNG, JPEG, WebP, GIF and BMP can.",
                PerceiverImageFault.TooManyPixels =>
                    $"'{name}' has {e.Width} x {e.Height} pixels; {maxMegapixels} megapixels are the most (--max-pixels).",
                PerceiverImageFault.EndMissing => $"The image '{name}' is damaged (its end is missing).",
                _ => $"The image '{name}' is damaged.",
            });
        }
    }

    /// <summary>A decoded image at another size.</summary>
    public static PerceiverImage Resize(this PerceiverImage image, int width, int height)
    {
        if ((width, height) == (image.Width, image.Height))
            return image;
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Fill(bitmap, image.Pixels);
        using var resized = bitmap.Resize(new SKSizeI(width, height), SKFilterQuality.High);
        return new PerceiverImage(height, width, image.Channels, resized.Bytes);
    }

    /// <summary>An image of planes of red, green and blue.</summary>
    public static PerceiverImage FromPlanes(int width, int height, ReadOnlySpan<float> planes)
    {
        byte[] rounded = new byte[planes.Length];
        for (int i = 0; i < rounded.Length; i++)
            rounded[i] = (byte)Math.Clamp(MathF.Round(planes[i]), 0, byte.MaxValue);
        return new PerceiverImage(height, width, 3, rounded, PerceiverImageLayout.ChannelsFirst);
    }

    /// <summary>An image as a PNG file.</summary>
    public static byte[] ToPng(this PerceiverImage image)
    {
        using var pixels = image.ToMLImage();
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Unpremul));
        Fill(bitmap, pixels.Pixels.ToArray());
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    private static void Fill(SKBitmap bitmap, ReadOnlyMemory<byte> pixels)
    {
        if (!MemoryMarshal.TryGetArray(pixels, out var segment))
            segment = pixels.ToArray();
        Marshal.Copy(segment.Array!, segment.Offset, bitmap.GetPixels(), segment.Count);
    }
}
