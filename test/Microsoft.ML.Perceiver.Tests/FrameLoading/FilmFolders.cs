using SkiaSharp;

namespace Microsoft.ML.Perceiver.Tests.FrameLoading;

/// <summary>Folders of frames, and rows that name them.</summary>
internal static class FilmFolders
{
    internal const int Height = 6, Width = 9;

    /// <summary>A PNG file whose pixels a function gives.</summary>
    internal static byte[] Png(int height, int width, Func<int, int, SKColor> colour)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                bitmap.SetPixel(x, y, colour(y, x));
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    /// <summary>A frame of one shade of grey.</summary>
    internal static byte[] Grey(byte shade, int height = Height, int width = Width) =>
        Png(height, width, (_, _) => new SKColor(shade, shade, shade));

    /// <summary>Writes a film of frames 1.png, 2.png and so on, each in the shade of its number.</summary>
    internal static string Write(TemporaryFolder folder, string name, int frames)
    {
        string film = folder[name];
        Directory.CreateDirectory(film);
        for (int i = 1; i <= frames; i++)
            File.WriteAllBytes(Path.Combine(film, $"{i}.png"), Grey((byte)i));
        return film;
    }

    /// <summary>Writes a film of frames of random pixels.</summary>
    internal static string WriteRandom(TemporaryFolder folder, string name, int frames, int seed)
    {
        string film = folder[name];
        Directory.CreateDirectory(film);
        var random = new Random(seed);
        for (int i = 1; i <= frames; i++)
        {
            byte[] file = Png(Height, Width, (_, _) => new SKColor((uint)random.Next() | 0xff000000));
            File.WriteAllBytes(Path.Combine(film, $"{i}.png"), file);
        }

        return film;
    }

    internal static IDataView Rows(MLContext context, params string[] folders) =>
        context.Data.LoadFromEnumerable(folders.Select((folder, i) => new FolderRow { Film = folder, Label = i % 2 == 0 ? "a" : "b" }));

    internal static IDataView FileRows(MLContext context, params string[][] files) =>
        context.Data.LoadFromEnumerable(files.Select(file => new FilesRow { Film = file }));

    internal sealed class FolderRow
    {
        public string Film { get; set; } = "";

        public string Label { get; set; } = "";
    }

    internal sealed class FilesRow
    {
        public string[] Film { get; set; } = [];
    }

    internal sealed class FilmRow
    {
        public float[] Features { get; set; } = [];
    }

    internal sealed class Guess
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }
}
