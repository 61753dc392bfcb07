using SkiaSharp;

namespace Samples;

/// <summary>Images beside themselves under a warm colour, as strong as the weights of an attention map.</summary>
internal static class HeatMap
{
    private const int Side = 256, Gap = 8, TextHeight = 26, TextSize = 16;
    private const byte Strongest = 200;
    private static readonly SKColor Warm = new(0xff, 0x88, 0x00);

    /// <summary>An image with what is known of it.</summary>
    /// <param name="Pixels">Red, green and blue of each pixel, row by row.</param>
    /// <param name="Height">Its height in pixels.</param>
    /// <param name="Width">Its width in pixels.</param>
    /// <param name="Weights">A weight for each pixel, row by row.</param>
    /// <param name="Title">What is written below.</param>
    internal sealed record Picture(byte[] Pixels, int Height, int Width, float[] Weights, string Title);

    /// <summary>Draws images into a PNG file, one below the other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pictures">The images.</param>
    public static void Save(string path, IReadOnlyList<Picture> pictures)
    {
        using var bitmap = new SKBitmap(3 * Gap + 2 * Side, Gap + pictures.Count * (Side + TextHeight + Gap));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        using var text = new SKPaint { Color = SKColors.Black, IsAntialias = true, TextSize = TextSize };
        for (int i = 0; i < pictures.Count; i++)
        {
            float top = Gap + i * (Side + TextHeight + Gap);
            using var image = Bitmap(pictures[i], (pixel, _) => pixel);
            using var heat = Bitmap(pictures[i], (_, share) => Warm.WithAlpha((byte)(Strongest * share)));
            Draw(canvas, image, Gap, top);
            Draw(canvas, image, 2 * Gap + Side, top);
            Draw(canvas, heat, 2 * Gap + Side, top);
            canvas.DrawText(pictures[i].Title, Gap, top + Side + TextSize + 2, text);
        }

        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, quality: 100);
    }

    private static SKBitmap Bitmap(Picture picture, Func<SKColor, float, SKColor> colour)
    {
        float least = picture.Weights.Min(), range = picture.Weights.Max() - least;
        var bitmap = new SKBitmap(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var pixels = new SKColor[picture.Weights.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            var pixel = new SKColor(picture.Pixels[3 * i], picture.Pixels[3 * i + 1], picture.Pixels[3 * i + 2]);
            pixels[i] = colour(pixel, range > 0 ? (picture.Weights[i] - least) / range : 0);
        }

        bitmap.Pixels = pixels;
        return bitmap;
    }

    private static void Draw(SKCanvas canvas, SKBitmap bitmap, float left, float top)
    {
        float scale = (float)Side / Math.Max(bitmap.Width, bitmap.Height);
        float width = bitmap.Width * scale, height = bitmap.Height * scale;
        using var image = SKImage.FromBitmap(bitmap);
        var place = SKRect.Create(left + (Side - width) / 2, top + (Side - height) / 2, width, height);
        using var smooth = new SKPaint { FilterQuality = SKFilterQuality.Medium };
        canvas.DrawImage(image, place, smooth);
    }
}
