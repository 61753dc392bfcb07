using System.Text;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Texts;

/// <summary>Random texts of all kinds of characters, the same for the same seed.</summary>
internal static class UnicodeTexts
{
    private static readonly string[] Pieces =
    [
        "[PAD]", "[BOS]", "[EOS]", "[MASK]", "[CLS]", "[SEP]", "[", "]", "[MASK", "[mask]", "\0", "\u0002", "\u0003", " ", "\t", "\r\n",
        "\u00A0", "\u3000", "e\u0301", "\u0915\u094D\u0937", "\U0001F469\u200D\U0001F4BB", "\uFEFF", "\uFFFD", "\uFFFF", "\U0010FFFF",
    ];

    // The first and the last character of a kind: letters of one to four bytes, combining marks, and all.
    private static readonly (int First, int Last)[] Kinds =
        [(0x20, 0x7E), (0xA0, 0x24F), (0x300, 0x36F), (0x4E00, 0x9FFF), (0x1F300, 0x1FAFF), (0x10000, 0x10FFFF), (0, 0x10FFFF)];

    internal static string[] Random(int count, int longest, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Next(random, longest))];
    }

    /// <summary>Every character of Unicode.</summary>
    internal static IEnumerable<string> Characters() =>
        Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(char.ConvertFromUtf32);

    private static string Next(Random random, int longest)
    {
        int kind = random.Next(Kinds.Length + 2);
        var text = new StringBuilder();
        for (int left = random.Next(longest + 1); left > 0; left--)
        {
            if (kind == Kinds.Length)
                text.Append(" \t\n\u00A0\u2003"[random.Next(5)]);
            else if (kind > Kinds.Length || random.Next(8) == 0)
                text.Append(Pieces[random.Next(Pieces.Length)]);
            else
                text.Append(Character(random, Kinds[kind]));
        }

        return text.ToString();
    }

    private static string Character(Random random, (int First, int Last) kind)
    {
        int number;
        do
            number = random.Next(kind.First, kind.Last + 1);
        while (!Rune.IsValid(number));
        return char.ConvertFromUtf32(number);
    }
}
