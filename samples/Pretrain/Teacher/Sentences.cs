using System.Text;
using System.Text.RegularExpressions;

namespace Pretrain.Teacher;

/// <summary>Cuts running text into sentences, and says which of them are worth a vector.</summary>
internal static partial class Sentences
{
    /// <summary>Characters of the shortest text.</summary>
    public const int Shortest = 10;

    /// <summary>Characters of the longest sentence.</summary>
    public const int Longest = 250;

    // So many of a sentence's characters are letters or spaces at least; tables, code and addresses have fewer.
    private const double LetterShare = 0.8;
    private const int FewestWords = 3;

    /// <summary>The sentences of a text whose paragraphs are separated by empty lines, those alone that <see cref="IsProse"/>.</summary>
    /// <param name="text">The text, with line ends anywhere.</param>
    public static IEnumerable<string> Of(string text) =>
        Paragraphs().Split(text.ReplaceLineEndings("\n")).Select(Normalize).SelectMany(p => End().Split(p)).Where(IsProse);

    /// <summary>The text with single spaces for all white space.</summary>
    public static string Normalize(string text) => WhiteSpace().Replace(text, " ").Trim();

    /// <summary>
    /// What makes two texts the same one: their letters and digits in lower case. Test rows are left out by it, however they are written.
    /// </summary>
    public static string Key(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (char c in text.Where(char.IsLetterOrDigit))
            key.Append(char.ToLowerInvariant(c));
        return key.ToString();
    }

    private static bool IsProse(string text) =>
        text.Length is >= Shortest and <= Longest
        && text.Count(c => char.IsAsciiLetter(c) || c == ' ') >= LetterShare * text.Length
        && text.Count(c => c == ' ') >= FewestWords - 1
        && text.Any(char.IsAsciiLetterLower)
        && !Address().IsMatch(text);

    [GeneratedRegex(@"\n\s*\n")]
    private static partial Regex Paragraphs();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    // A sentence ends at its mark and quotes, before a capital; not behind an initial or a title.
    [GeneratedRegex("""(?<=(?<!\b(?:Mr|Mrs|Ms|Dr|St|Messrs|Prof|Rev|vs|e\.g|i\.e|[A-Z]))[.!?]["')]*)\s+(?=["'(]*[A-Z])""")]
    private static partial Regex End();

    // Addresses name persons, and say nothing that a vector could.
    [GeneratedRegex(@"@|://|www\.|\d{7}")]
    private static partial Regex Address();
}
