using System.Text;

namespace FillMask;

/// <summary>A text with masks as people type it, and its fillings as they read them.</summary>
internal static class MaskedText
{
    public const string Mask = "[MASK]";

    /// <summary>Each underscore is short for a mask.</summary>
    public static string Expand(string typed) => typed.Replace("_", Mask, StringComparison.Ordinal);

    /// <summary>A filling in pieces: what was there, and what was filled in, in turn.</summary>
    /// <param name="masked">The text with its masks.</param>
    /// <param name="filled">The text without.</param>
    public static IReadOnlyList<Piece> Pieces(string masked, string filled)
    {
        // A mask is a byte, so the two texts go side by side byte by byte.
        string[] known = masked.Split(Mask);
        var wanted = new List<bool>();
        for (int i = 0; i < known.Length; i++)
        {
            if (i > 0)
                wanted.Add(true);
            wanted.AddRange(Enumerable.Repeat(false, Encoding.UTF8.GetByteCount(known[i])));
        }
        var pieces = new List<Piece>();
        int at = 0;
        foreach (var rune in filled.EnumerateRunes())
        {
            bool inside = wanted.Skip(at).Take(rune.Utf8SequenceLength).Any(w => w);
            at += rune.Utf8SequenceLength;
            if (pieces.Count > 0 && pieces[^1].Filled == inside)
                pieces[^1] = new Piece(pieces[^1].Text + rune, inside);
            else
                pieces.Add(new Piece(rune.ToString(), inside));
        }

        return pieces;
    }

    /// <summary>A piece of a filling.</summary>
    internal sealed record Piece(string Text, bool Filled);
}
