namespace Samples;

/// <summary>Keeps what is written from what is read.</summary>
internal static class OutputFiles
{
    /// <summary>Refuses to write a file that is read, or one file twice, before any work is done.</summary>
    /// <param name="inputs">The files that are read; null for none.</param>
    /// <param name="outputs">The files that are written; null for none.</param>
    /// <exception cref="ArgumentException">One is both.</exception>
    public static void Check(IEnumerable<string?> inputs, IEnumerable<string?> outputs)
    {
        var comparer = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var read = new HashSet<string>(inputs.OfType<string>().Select(RealPath), comparer);
        var written = new HashSet<string>(comparer);
        foreach (string output in outputs.OfType<string>())
        {
            string path = RealPath(output);
            if (read.Contains(path))
                throw new ArgumentException($"'{output}' is read; it cannot be written too. Name another file with --out.");
            if (!written.Add(path))
                throw new ArgumentException($"'{output}' would be written twice. Name another file with --out.");
        }
    }

    // Links lead to the file itself, be they that file or one of its folders.
    private static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        string? folder = Path.GetDirectoryName(full);
        if (folder is null)
            return full;
        string place = Path.Combine(RealPath(folder), Path.GetFileName(full));
        FileSystemInfo info = Directory.Exists(place) ? new DirectoryInfo(place) : new FileInfo(place);
        return info.LinkTarget is null ? place : RealPath(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? place);
    }
}
