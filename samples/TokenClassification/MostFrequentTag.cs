namespace TokenClassification;

/// <summary>
/// The baseline: a word gets the tag that it has most often in the training sentences, whatever stands around it. One that is unknown
/// is looked up in lower case. If that is unknown too, it gets the most frequent tag of the words that occur only once in training,
/// which are most like unknown ones: of those that begin with a capital letter, if it does, else of the others. On the Brown corpus
/// these are the tags of proper nouns and of nouns.
/// </summary>
internal sealed class MostFrequentTag
{
    private readonly Dictionary<string, string> words;
    private readonly Dictionary<string, string> lowerCaseWords;
    private readonly Dictionary<bool, string> unknownByCapital;
    private readonly string anyTag;

    private MostFrequentTag(IReadOnlyList<(string Word, string Tag)> tokens)
    {
        words = Winners(tokens, t => t.Word);
        lowerCaseWords = Winners(tokens, t => t.Word.ToLowerInvariant());
        var once = tokens.GroupBy(t => t.Word).Where(g => g.Count() == 1).Select(g => g.First());
        unknownByCapital = Winners(once, t => BeginsWithCapital(t.Word));
        anyTag = Winners(tokens, _ => 0)[0];
    }

    /// <summary>Counts the tags of the training sentences.</summary>
    /// <param name="sentences">The training sentences.</param>
    /// <exception cref="ArgumentException">They have no word.</exception>
    public static MostFrequentTag Fit(IEnumerable<TaggedSentence> sentences)
    {
        var tokens = sentences.SelectMany(s => s.Words.Zip(s.Tags)).ToArray();
        if (tokens.Length == 0)
            throw new ArgumentException("The sentences have no word.", nameof(sentences));
        return new MostFrequentTag(tokens);
    }

    /// <summary>Whether a word occurs in the training sentences, in the same case.</summary>
    public bool IsKnown(string word) => words.ContainsKey(word);

    /// <summary>The tag of a word.</summary>
    public string Predict(string word)
    {
        if (words.TryGetValue(word, out string? tag) || lowerCaseWords.TryGetValue(word.ToLowerInvariant(), out tag))
            return tag;
        return unknownByCapital.GetValueOrDefault(BeginsWithCapital(word), anyTag);
    }

    /// <summary>Compares the tags of other sentences with the right ones.</summary>
    /// <param name="sentences">The test sentences.</param>
    public Evaluation Evaluate(IEnumerable<TaggedSentence> sentences)
    {
        long tokens = 0, right = 0, unknown = 0, unknownRight = 0;
        foreach (var (word, tag) in sentences.SelectMany(s => s.Words.Zip(s.Tags)))
        {
            bool isRight = Predict(word) == tag;
            tokens++;
            right += isRight ? 1 : 0;
            if (IsKnown(word))
                continue;
            unknown++;
            unknownRight += isRight ? 1 : 0;
        }

        return new Evaluation(tokens, right / (double)tokens, unknown, unknownRight / (double)unknown);
    }

    private static bool BeginsWithCapital(string word) => char.IsUpper(word[0]);

    // Equal counts are decided by the tags' order, so that the same sentences always give the same tag.
    private static Dictionary<TKey, string> Winners<TKey>(
        IEnumerable<(string Word, string Tag)> tokens, Func<(string Word, string Tag), TKey> key) where TKey : notnull =>
        tokens.GroupBy(key, t => t.Tag).ToDictionary(
            g => g.Key,
            g => g.CountBy(t => t).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).First().Key);

    /// <summary>What <see cref="Evaluate"/> finds.</summary>
    /// <param name="Tokens">The number of words.</param>
    /// <param name="Accuracy">The share of words whose tag is right.</param>
    /// <param name="UnknownTokens">The number of words that do not occur in the training sentences in the same case.</param>
    /// <param name="UnknownAccuracy">The share of those whose tag is right; not a number where there are none.</param>
    internal sealed record Evaluation(long Tokens, double Accuracy, long UnknownTokens, double UnknownAccuracy);
}
