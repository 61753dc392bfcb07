using SkiaSharp;

namespace VideoAutoencoder;

/// <summary>Frames beside what became of them, as one image.</summary>
internal static class Strip
{
    private const int Gap = 2;

    /// <summary>Saves a PNG: two rows for each stretch, the originals above the reconstructions.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stretches">Stretches of as many frames.</param>
    /// <param name="side">Height and width of a frame.</param>
    public static void Save(string path, IReadOnlyList<(byte[][] Originals, byte[][] Results)> stretches, int side)
    {
        int columns = stretches.Max(s => s.Originals.Length);
        int width = columns * (side + Gap) - Gap;
        int height = stretches.Count * 2 * (side + Gap) - Gap;
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(SKColors.White);
        for (int s = 0; s < stretches.Count; s++)
        {
            for (int i = 0; i < stretches[s].Originals.Length; i++)
            {
                Draw(bitmap, stretches[s].Originals[i], i * (side + Gap), 2 * s * (side + Gap), side);
                Draw(bitmap, stretches[s].Results[i], i * (side + Gap), (2 * s + 1) * (side + Gap), side);
            }
        }

        using var file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, quality: 100);
    }

    private static void Draw(SKBitmap bitmap, byte[] planes, int left, int top, int side)
    {
        int points = side * side;
        for (int i = 0; i < points; i++)
            bitmap.SetPixel(left + i % side, top + i / side, new SKColor(planes[i], planes[points + i], planes[2 * points + i]));
    }
}
