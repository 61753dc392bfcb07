namespace Microsoft.ML.Perceiver;

/// <summary>How many tokens of texts a model reads.</summary>
internal static class TokenCounts
{
    // [CLS] before a text and [SEP] behind it.
    private const int SpecialTokens = 2;

    /// <summary>The tokens of each text, with the special ones.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="most">The longest text in tokens; the end of a longer one is not read.</param>
    /// <exception cref="ArgumentException">A text is null or no valid Unicode.</exception>
    internal static int[] Of(IReadOnlyList<string?> texts, int most)
    {
        int[] counts = new int[texts.Count];
        for (int i = 0; i < counts.Length; i++)
            counts[i] = Of(texts[i], i, most - SpecialTokens) + SpecialTokens;
        return counts;
    }

    private static int Of(string? text, int place, int most)
    {
        if (text is null)
            throw new ArgumentException($"The text at index {place} is null.", nameof(text));
        try
        {
            int count = PerceiverTokenizer.Default.CountTokens(text);
            if (count > most)
                PerceiverTokenizer.Default.GetIndexByTokenCount(text, most, out _, out count);
            return count;
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The text at index {place} cannot be read: {e.Message}", nameof(text), e);
        }
    }
}
