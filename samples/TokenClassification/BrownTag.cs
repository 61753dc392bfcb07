namespace TokenClassification;

/// <summary>The tags of the Brown corpus.</summary>
internal static class BrownTag
{
    /// <summary>The base tag of a word that the annotators left without a tag.</summary>
    public const string Missing = "NIL";

    // In a title, in a headline, mentioned as a word ("the word 'red'").
    private static readonly string[] Suffixes = ["-TL", "-HL", "-NC"];

    // A word of another language.
    private const string ForeignPrefix = "FW-";

    /// <summary>
    /// The part of speech alone: upper case, without the prefix of foreign words, without the suffixes of titles, headlines and
    /// mentioned words; of the joined tags of a contraction the first, and without the mark of a negation: <c>fw-nn-tl-hl</c> is
    /// <c>NN</c>, <c>ppss+bem</c> (I'm) is <c>PPSS</c>, <c>md*</c> (can't) is <c>MD</c>. The negation <c>*</c> (not) that is a word
    /// by itself stays.
    /// </summary>
    /// <param name="tag">A tag of the corpus.</param>
    public static string Base(string tag)
    {
        string first = tag.Split('+')[0].ToUpperInvariant();
        if (first.StartsWith(ForeignPrefix, StringComparison.Ordinal))
            first = first[ForeignPrefix.Length..];
        // A tag may have two of them.
        while (Suffixes.FirstOrDefault(s => first.EndsWith(s, StringComparison.Ordinal)) is { } suffix)
            first = first[..^suffix.Length];
        return first.Length > 1 ? first.TrimEnd('*') : first;
    }
}
