using Microsoft.ML.Data;
using SkiaSharp;

namespace ObjectDetection;

/// <summary>An image with objects.</summary>
/// <param name="Side">Height and width in pixels.</param>
/// <param name="Pixels">Red, green, blue and opacity of each pixel, row by row.</param>
/// <param name="Labels">What the objects are.</param>
/// <param name="Boxes">Left, top, right and bottom edge of each object in pixels, object by object.</param>
internal sealed record Scene(int Side, byte[] Pixels, string[] Labels, float[] Boxes)
{
    /// <summary>The image as ML.NET's stages read it. It belongs to the caller.</summary>
    public MLImage ToImage() => MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, Pixels);

    /// <summary>The image to draw on. It belongs to the caller.</summary>
    public SKBitmap ToBitmap() => Bitmap(Side, Side, Pixels);

    /// <summary>An image of pixels. It belongs to the caller.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="pixels">Red, green, blue and opacity of each pixel, row by row.</param>
    public static SKBitmap Bitmap(int width, int height, byte[] pixels)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        return bitmap;
    }
}
