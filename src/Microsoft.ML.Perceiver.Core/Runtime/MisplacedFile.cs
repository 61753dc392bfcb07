using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Recognises what often stands in place of a checkpoint's file: the pointer that git leaves without git-lfs, and the page of a web site.
/// </summary>
internal static class MisplacedFile
{
    private const string Pointer = "version https://git-lfs.github.com/spec/";
    private const int Longest = 64;

    /// <summary>Refuses a file that is another one's pointer, or a page.</summary>
    /// <param name="stream">The file; it is at its first byte before and afterwards.</param>
    /// <param name="path">Its name.</param>
    /// <exception cref="FormatException">It is; the message says what to do.</exception>
    internal static void Refuse(Stream stream, string path)
    {
        Span<byte> bytes = stackalloc byte[Longest];
        int count = stream.ReadAtLeast(bytes, Longest, throwOnEndOfStream: false);
        stream.Position = 0;
        // Latin-1 gives a character to every byte, so that weights are compared too.
        RefuseText(Encoding.Latin1.GetString(bytes[..count]), path);
    }

    /// <summary>As <see cref="Refuse"/>, for the text of a file.</summary>
    internal static void RefuseText(string text, string path)
    {
        if (text.StartsWith(Pointer, StringComparison.Ordinal))
        {
            throw new FormatException(
                $"'{path}' is a pointer of git-lfs, not the file itself: install git-lfs and run 'git lfs pull' in its folder.");
        }

        // A byte order mark may come first, as one character or as its three bytes.
        var start = text.AsSpan(0, Math.Min(text.Length, Longest)).TrimStart("\uFEFF\u00EF\u00BB\u00BF \t\r\n");
        bool isPage = start.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<head", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<!--", StringComparison.Ordinal);
        if (isPage)
        {
            throw new FormatException(
                $"'{path}' is a web page, not the file itself: the site may have asked to sign in, or the address was that of a page. "
                + "Download it again, or use PerceiverCheckpoint.FromHub.");
        }
    }
}
