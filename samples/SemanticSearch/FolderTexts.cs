using System.Text;

namespace SemanticSearch;

/// <summary>The texts of a folder, to be searched.</summary>
internal static class FolderTexts
{
    private static readonly string[] Endings = [".txt", ".md"];
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    /// <summary>The paragraphs of a folder's text files, in pieces that a model reads whole.</summary>
    /// <param name="folder">The folder; files that end with .txt or .md are read, also those of folders in it.</param>
    /// <param name="mostBytes">Bytes of a piece at most.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentException">It has no text.</exception>
    public static string[] Read(string folder, int mostBytes)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", Everywhere)
            .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];
        string[] pieces = [.. files.SelectMany(file => Paragraphs(File.ReadAllText(file))).SelectMany(text => Pieces(text, mostBytes))];
        return pieces.Length > 0 ? pieces : throw new ArgumentException($"The folder '{folder}' has no texts (.txt, .md).");
    }

    /// <summary>The paragraphs of a text, with single spaces; those without a letter are left out.</summary>
    internal static IEnumerable<string> Paragraphs(string text) => text.ReplaceLineEndings("\n").Split("\n\n")
        .Select(paragraph => string.Join(' ', paragraph.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        .Where(paragraph => paragraph.Any(char.IsLetter));

    /// <summary>Cuts a paragraph between its words, at the end of a sentence where one is in the second half of a piece.</summary>
    internal static IEnumerable<string> Pieces(string paragraph, int mostBytes)
    {
        var piece = new List<string>();
        int bytes = 0;
        foreach (string word in paragraph.Split(' '))
        {
            int length = Encoding.UTF8.GetByteCount(word) + 1;
            bool isSentence = piece.Count > 0 && bytes > mostBytes / 2 && ".!?".Contains(piece[^1][^1], StringComparison.Ordinal);
            if (piece.Count > 0 && (bytes + length > mostBytes || isSentence))
            {
                yield return string.Join(' ', piece);
                piece.Clear();
                bytes = 0;
            }

            piece.Add(word);
            bytes += length;
        }

        if (piece.Count > 0)
            yield return string.Join(' ', piece);
    }
}
