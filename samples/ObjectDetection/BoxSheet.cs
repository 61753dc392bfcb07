using SkiaSharp;

namespace ObjectDetection;

/// <summary>Scenes with what was found in them, as one image.</summary>
internal static class BoxSheet
{
    private const int Columns = 6, Rows = 4, Scale = 4, Gap = 8, TextSize = 15;
    private static readonly SKColor Right = SKColors.White;
    private static readonly SKColor[] Colours =
        [new(0xe5, 0x39, 0x35), new(0x1e, 0x88, 0xe5), new(0xfd, 0xd8, 0x35), new(0x43, 0xa0, 0x47), new(0xab, 0x47, 0xbc)];

    /// <summary>Draws the first scenes; right boxes are dashed and white, those that were found have the colour of their label.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="scenes">The scenes.</param>
    /// <param name="found">What was found in each.</param>
    /// <param name="labels">All labels, which have a colour each.</param>
    public static void Save(
        string path, IReadOnlyList<Scene> scenes, IReadOnlyList<MyModel.ModelOutput> found, IReadOnlyList<string> labels)
    {
        int step = scenes[0].Side * Scale + Gap, count = Math.Min(scenes.Count, Columns * Rows);
        using var sheet = new SKBitmap(Gap + Columns * step, Gap + (count + Columns - 1) / Columns * step);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(SKColors.White);
        for (int i = 0; i < count; i++)
        {
            canvas.Save();
            canvas.Translate(Gap + i % Columns * step, Gap + i / Columns * step);
            Draw(canvas, scenes[i], found[i], labels);
            canvas.Restore();
        }

        using var file = File.Create(path);
        sheet.Encode(file, SKEncodedImageFormat.Png, quality: 100);
    }

    private static void Draw(SKCanvas canvas, Scene scene, MyModel.ModelOutput found, IReadOnlyList<string> labels)
    {
        int side = scene.Side * Scale;
        using var bitmap = scene.ToBitmap();
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, SKRect.Create(side, side));
        using var dashes = SKPathEffect.CreateDash([5, 4], 0);
        using var right = new SKPaint { Color = Right, Style = SKPaintStyle.Stroke, StrokeWidth = 1.5f, PathEffect = dashes };
        for (int i = 0; i < scene.Labels.Length; i++)
            canvas.DrawRect(BoxOf(scene.Boxes, i), right);
        for (int i = 0; i < found.PredictedLabel.Length; i++)
        {
            if (found.Score[i] < MyModel.LeastScore)
                continue;
            var box = BoxOf(found.PredictedBoundingBoxes, i);
            var colour = Colours[Index(labels, found.PredictedLabel[i]) % Colours.Length];
            using var frame = new SKPaint { Color = colour, Style = SKPaintStyle.Stroke, StrokeWidth = 3, IsAntialias = true };
            using var text = new SKPaint { Color = SKColors.Black, TextSize = TextSize, IsAntialias = true };
            using var ground = new SKPaint { Color = colour };
            string words = $"{found.PredictedLabel[i]} {found.Score[i]:0.00}";
            canvas.DrawRect(box, frame);
            float width = text.MeasureText(words) + 4, height = TextSize + 3;
            float top = Math.Clamp(box.Top - height, 0, side - height), left = Math.Min(box.Left, side - width);
            canvas.DrawRect(SKRect.Create(left, top, width, height), ground);
            canvas.DrawText(words, left + 2, top + TextSize, text);
        }
    }

    private static SKRect BoxOf(float[] boxes, int index) =>
        new(boxes[4 * index] * Scale, boxes[4 * index + 1] * Scale, boxes[4 * index + 2] * Scale, boxes[4 * index + 3] * Scale);

    private static int Index(IReadOnlyList<string> labels, string label) =>
        Enumerable.Range(0, labels.Count).First(i => labels[i] == label);
}
