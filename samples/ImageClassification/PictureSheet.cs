using SkiaSharp;

namespace ImageClassification;

/// <summary>Test images with what was predicted, as one image.</summary>
internal static class PictureSheet
{
    private const int Columns = 10, Rows = 6, Side = 128, Gap = 10, TextHeight = 38, TextSize = 15;
    private static readonly SKColor Right = new(0x2e, 0x7d, 0x32), Wrong = new(0xc6, 0x28, 0x28);

    /// <summary>Draws test images, spread evenly over all; wrong predictions are framed in red, with the right label below.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="data">The images.</param>
    /// <param name="actual">The right label of each.</param>
    /// <param name="predicted">What was predicted.</param>
    public static void Save(string path, DataSet data, IReadOnlyList<string> actual, IReadOnlyList<string> predicted)
    {
        int count = Math.Min(actual.Count, Columns * Rows), rows = (count + Columns - 1) / Columns;
        using var bitmap = new SKBitmap(Gap + Columns * (Side + Gap), Gap + rows * (Side + TextHeight + Gap));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        for (int i = 0; i < count; i++)
        {
            int row = (int)((long)i * actual.Count / count);
            var place = new SKPoint(Gap + i % Columns * (Side + Gap), Gap + i / Columns * (Side + TextHeight + Gap));
            using var image = data.TestImage(row);
            Draw(canvas, image, place, actual[row], predicted[row]);
        }

        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, quality: 100);
    }

    private static void Draw(SKCanvas canvas, SKBitmap bitmap, SKPoint place, string actual, string predicted)
    {
        // Enlarged by a whole number, so that a pixel stays a square.
        int scale = Math.Max(1, Side / Math.Max(bitmap.Width, bitmap.Height));
        float width = Math.Min(Side, bitmap.Width * scale), height = Math.Min(Side, bitmap.Height * scale);
        var box = SKRect.Create(place.X + (Side - width) / 2, place.Y + (Side - height) / 2, width, height);
        bool right = actual == predicted;
        using var image = SKImage.FromBitmap(bitmap);
        var colour = right ? Right : Wrong;
        using var frame = new SKPaint { Color = colour, Style = SKPaintStyle.Stroke, StrokeWidth = right ? 1 : 5 };
        using var text = new SKPaint { Color = colour, IsAntialias = true, TextSize = TextSize, TextAlign = SKTextAlign.Center };
        canvas.DrawImage(image, box);
        canvas.DrawRect(box, frame);
        canvas.DrawText(predicted, place.X + Side / 2f, place.Y + Side + TextSize + 2, text);
        if (right)
            return;
        text.Color = SKColors.DimGray;
        canvas.DrawText($"is {actual}", place.X + Side / 2f, place.Y + Side + 2 * TextSize + 4, text);
    }
}
