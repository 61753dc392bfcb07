using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// How well an answer agrees with the right one, as the SQuAD evaluation says it: without case, punctuation, English articles and further
/// white space (Rajpurkar et al. 2016, section 6.1).
/// </summary>
internal static class AnswerAgreement
{
    /// <summary>Whether both are the same.</summary>
    internal static bool IsExact(string answer, string right) => WordsOf(answer).SequenceEqual(WordsOf(right));

    /// <summary>The harmonic mean of the shares of words that both have, from 0 to 1.</summary>
    internal static double F1(string answer, string right)
    {
        string[] found = WordsOf(answer), expected = WordsOf(right);
        if (found.Length == 0 || expected.Length == 0)
            return found.Length == expected.Length ? 1 : 0;
        var left = expected.GroupBy(word => word).ToDictionary(group => group.Key, group => group.Count());
        int shared = found.GroupBy(word => word).Sum(group => Math.Min(group.Count(), left.GetValueOrDefault(group.Key)));
        return 2.0 * shared / (found.Length + expected.Length);
    }

    private static string[] WordsOf(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char c in text.ToLowerInvariant())
        {
            if (!char.IsPunctuation(c) && !char.IsSymbol(c))
                plain.Append(c);
        }

        string[] words = plain.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Where(word => word is not ("a" or "an" or "the"))];
    }
}
