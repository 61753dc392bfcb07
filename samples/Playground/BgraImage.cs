using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using SkiaSharp;

namespace Playground;

/// <summary>A decoded image.</summary>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Pixels">Blue, green, red and alpha of each pixel, the top row first.</param>
internal sealed record BgraImage(int Width, int Height, byte[] Pixels)
{
    private const int Channels = 4;

    /// <summary>Decodes a file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="maxMegapixels">The most megapixels; looked at before any memory is taken for them.</param>
    /// <exception cref="UserException">It is no image, damaged, or too large.</exception>
    public static BgraImage Decode(byte[] file, string name, int maxMegapixels)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data)
            ?? throw new UserException($"'{name}' is no image that can be read here: PNG, JPEG, WebP, GIF and BMP can.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > maxMegapixels * 1_000_000L)
            throw new UserException($"'{name}' has {width} x {height} pixels; {maxMegapixels} megapixels are the most (--max-pixels).");
        var info = new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Unpremul);
        byte[] pixels = new byte[info.BytesSize];
        // Into the array itself: a copy of a large image would cost its memory again.
        var result = codec.GetPixels(info, pixels);
        if (result != SKCodecResult.Success)
        {
            string fault = result == SKCodecResult.IncompleteInput ? "its end is missing" : result.ToString();
            throw new UserException($"The image '{name}' is damaged ({fault}).");
        }
        return Upright.Turn(new BgraImage(width, height, pixels), codec.EncodedOrigin);
    }

    /// <summary>The image at another size.</summary>
    public BgraImage Resize(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return this;
        using var bitmap = ToBitmap();
        using var resized = bitmap.Resize(new SKSizeI(width, height), SKFilterQuality.High);
        return new BgraImage(width, height, resized.Bytes);
    }

    /// <summary>The image with its longer side shortened to a length, where it is longer.</summary>
    public BgraImage Shrink(int side)
    {
        double scale = (double)side / Math.Max(Width, Height);
        return scale >= 1 ? this : Resize(Math.Max(1, (int)Math.Round(Width * scale)), Math.Max(1, (int)Math.Round(Height * scale)));
    }

    /// <summary>The image as ML.NET's, which the caller disposes.</summary>
    public MLImage ToMlImage() => ToPerceiver().ToMLImage();

    /// <summary>The image as the Perceiver's.</summary>
    public PerceiverImage ToPerceiver() => new(Height, Width, Channels, Pixels) { BlueFirst = true };

    /// <summary>The colours alone, a plane for red, one for green and one for blue.</summary>
    public byte[] ToPlanes() => ToPerceiver().ToPlanes();

    /// <summary>An image of planes of red, green and blue.</summary>
    public static BgraImage FromPlanes(int width, int height, ReadOnlySpan<float> planes)
    {
        byte[] rounded = new byte[planes.Length];
        for (int i = 0; i < rounded.Length; i++)
            rounded[i] = (byte)Math.Clamp(MathF.Round(planes[i]), 0, byte.MaxValue);
        return FromPerceiver(new PerceiverImage(height, width, 3, rounded, PerceiverImageLayout.ChannelsFirst));
    }

    /// <summary>An image of this library, such as a painted flow.</summary>
    public static BgraImage FromPerceiver(PerceiverImage image)
    {
        using var painted = image.ToMLImage();
        return new BgraImage(image.Width, image.Height, painted.Pixels.ToArray());
    }

    /// <summary>The image as a PNG file.</summary>
    public byte[] ToPng()
    {
        using var bitmap = ToBitmap();
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    private SKBitmap ToBitmap()
    {
        var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Unpremul));
        Marshal.Copy(Pixels, 0, bitmap.GetPixels(), Pixels.Length);
        return bitmap;
    }
}
