namespace Walkthrough;

/// <summary>What the cells call besides the library; a notebook has functions of its own with these names.</summary>
internal static class Page
{
    private static List<(string Name, PerceiverImage Image)> s_shown = [];

    /// <summary>The file of another sample's data.</summary>
    /// <param name="path">Its path in the folder samples.</param>
    public static string Sample(string path) => Path.Combine(AppContext.BaseDirectory, "samples", path);

    /// <summary>Shows an image.</summary>
    /// <param name="name">Its file's name, without extension.</param>
    /// <param name="image">The image.</param>
    public static void Show(string name, PerceiverImage image) => s_shown.Add((name, image));

    /// <summary>Runs a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="ml">The common context for all ML.NET operations.</param>
    /// <returns>What it wrote and showed; of one that failed, the error in place of it.</returns>
    public static CellOutput Run(Cell cell, MLContext ml)
    {
        var console = Console.Out;
        using var written = new StringWriter();
        s_shown = [];
        Console.SetOut(written);
        try
        {
            cell.Run(ml);
        }
        catch (Exception e) when (e is ArgumentException or IOException or InvalidOperationException or FormatException)
        {
            return new CellOutput(e.Message, [], Failed: true);
        }
        finally
        {
            Console.SetOut(console);
        }

        return new CellOutput(written.ToString().TrimEnd(), [.. s_shown.Select(s => new ShownPicture(s.Name, Png(s.Image)))]);
    }

    private static byte[] Png(PerceiverImage image)
    {
        using var converted = image.ToMLImage();
        var info = new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var pixels = SKImage.FromPixelCopy(info, converted.Pixels.ToArray());
        using var data = pixels.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
