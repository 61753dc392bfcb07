namespace ImageClassification;

/// <summary>Images in a folder for each label.</summary>
internal static class ClassFolders
{
    // What LoadPerceiverImages reads.
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".bmp"];

    /// <summary>
    /// The image files with their labels, in the files' order, so that the same seed gives the same training on every machine.
    /// </summary>
    /// <param name="folder">The folder of the labels' folders; other files in them are passed over.</param>
    /// <exception cref="IOException">There is no such folder, or it has no images.</exception>
    internal static IReadOnlyList<(string Label, string File)> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"There is no folder '{folder}'; images are expected in SPLIT/CLASS/NAME, with the splits train, validation and test.");
        }

        var images = new List<(string Label, string File)>();
        foreach (string labelFolder in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            var files = Directory.GetFiles(labelFolder).Where(IsImage).Order(StringComparer.Ordinal);
            images.AddRange(files.Select(f => (Path.GetFileName(labelFolder), f)));
        }

        return images.Count > 0 ? images : throw new FileNotFoundException($"There are no images in the folders of '{folder}'.");
    }

    private static bool IsImage(string file) => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant());
}
