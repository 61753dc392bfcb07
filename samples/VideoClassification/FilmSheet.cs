using SkiaSharp;

namespace VideoClassification;

/// <summary>Films as one image: a line for each, with what is predicted of it.</summary>
internal static class FilmSheet
{
    private const int Gap = 4, TextSize = 13, TextWidth = 240;

    /// <summary>Draws films.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="films">The films.</param>
    /// <param name="predicted">The label that is predicted of each.</param>
    internal static void Save(string path, IReadOnlyList<MyModel.ModelInput> films, IReadOnlyList<string> predicted)
    {
        int step = FilmMaker.Side + Gap;
        using var sheet = new SKBitmap(TextWidth + FilmMaker.Frames * step, Gap + films.Count * step);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(SKColors.White);
        using var text = new SKPaint { Color = SKColors.Black, TextSize = TextSize, IsAntialias = true };
        for (int i = 0; i < films.Count; i++)
        {
            int top = Gap + i * step;
            canvas.DrawText(films[i].Label, Gap, top + TextSize, text);
            canvas.DrawText($"predicted: {predicted[i]}", Gap, top + 2 * TextSize + Gap, text);
            for (int frame = 0; frame < FilmMaker.Frames; frame++)
            {
                string file = Path.Combine(films[i].Film, $"{frame + 1}.jpg");
                using var bitmap = SKBitmap.Decode(file) ?? throw new IOException($"The image '{file}' cannot be read.");
                canvas.DrawBitmap(bitmap, TextWidth + frame * step, top);
            }
        }

        using var stream = File.Create(path);
        sheet.Encode(stream, SKEncodedImageFormat.Png, quality: 100);
    }
}
