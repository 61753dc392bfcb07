using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Playground.Tests;

/// <summary>Images of soft waves as files.</summary>
internal static class TinyImages
{
    public static byte[] Png(int width, int height, int shift = 0) => Encode(width, height, shift, SKEncodedImageFormat.Png);

    public static byte[] Jpeg(int width, int height) => Encode(width, height, 0, SKEncodedImageFormat.Jpeg);

    /// <summary>Blue, green, red and alpha of each pixel, as the file has them.</summary>
    public static byte[] Pixels(int width, int height, int shift = 0)
    {
        byte[] pixels = new byte[4 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            int x = i % width - shift, y = i / width;
            for (int c = 0; c < 3; c++)
                pixels[4 * i + c] = (byte)(127 + 60 * Math.Sin(0.5 * x + c) + 60 * Math.Sin(0.4 * y - c));
            pixels[4 * i + 3] = 255;
        }

        return pixels;
    }

    private static byte[] Encode(int width, int height, int shift, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        Marshal.Copy(Pixels(width, height, shift), 0, bitmap.GetPixels(), 4 * width * height);
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }
}
