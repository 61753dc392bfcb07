using System.Text;
using Spectre.Console;

namespace FillMask;

/// <summary>A text with masks as people type it, and its fillings as they read them.</summary>
internal static class MaskedText
{
    public const string Mask = "[MASK]";

    /// <summary>Each underscore is short for a mask.</summary>
    public static string Expand(string typed) => typed.Replace("_", Mask, StringComparison.Ordinal);

    /// <summary>A filling as markup, with what was filled in picked out.</summary>
    /// <param name="masked">The text with its masks.</param>
    /// <param name="filled">The text without.</param>
    public static string Highlight(string masked, string filled)
    {
        // A mask is a byte, so the two texts go side by side byte by byte.
        var wanted = new List<bool>();
        string[] known = masked.Split(Mask);
        for (int i = 0; i < known.Length; i++)
        {
            wanted.AddRange(Enumerable.Repeat(false, Encoding.UTF8.GetByteCount(known[i])));
            if (i + 1 < known.Length)
                wanted.Add(true);
        }

        var markup = new StringBuilder();
        int at = 0;
        bool open = false;
        foreach (var rune in filled.EnumerateRunes())
        {
            bool inside = wanted.Skip(at).Take(rune.Utf8SequenceLength).Any(w => w);
            if (inside != open)
                markup.Append(inside ? "[bold green]" : "[/]");
            open = inside;
            markup.Append(Markup.Escape(rune.ToString()));
            at += rune.Utf8SequenceLength;
        }

        return markup.Append(open ? "[/]" : "").ToString();
    }
}
