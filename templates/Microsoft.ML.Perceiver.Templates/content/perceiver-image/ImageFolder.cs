namespace PerceiverImage._1;

/// <summary>Images in Data/SPLIT/LABEL/NAME.</summary>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"];

    /// <summary>The images of a split with the names of their folders as labels.</summary>
    /// <param name="split">train or test.</param>
    public static ImageRow[] Read(string split)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Data", split);
        var rows = from label in Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
                   from file in Directory.GetFiles(label).Order(StringComparer.Ordinal)
                   where Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
                   select new ImageRow { Label = Path.GetFileName(label), Path = file };
        return [.. rows];
    }
}
