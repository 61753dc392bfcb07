namespace TokenClassification;

/// <summary>One of the 500 texts of the Brown corpus, about 2,000 words each.</summary>
/// <param name="Name">Its name: c, the letter of its category, its number in the category, as in ca01.</param>
/// <param name="Sentences">Its sentences with base tags, without those that have a word without a tag.</param>
internal sealed record BrownFile(string Name, IReadOnlyList<TaggedSentence> Sentences)
{
    /// <summary>
    /// Reads a text: a line is empty or a sentence, whose words are separated by spaces, each followed by a slash and its tag.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">A word has no tag.</exception>
    public static BrownFile Read(string name, TextReader text)
    {
        var sentences = new List<TaggedSentence>();
        for (int line = 1; text.ReadLine() is { } content; line++)
        {
            string[] tokens = content.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (tokens.Length == 0)
                continue;
            var sentence = Sentence(name, line, tokens);
            if (!sentence.Tags.Contains(BrownTag.Missing))
                sentences.Add(sentence);
        }

        return new BrownFile(name, sentences);
    }

    private static TaggedSentence Sentence(string name, int line, string[] tokens)
    {
        string[] words = new string[tokens.Length], tags = new string[tokens.Length];
        for (int i = 0; i < tokens.Length; i++)
        {
            // Words have slashes too, as and/or.
            int slash = tokens[i].LastIndexOf('/');
            if (slash < 1 || slash == tokens[i].Length - 1)
                throw new FormatException($"'{name}', line {line}: '{tokens[i]}' is not a word, a slash and a tag.");
            words[i] = tokens[i][..slash];
            tags[i] = BrownTag.Base(tokens[i][(slash + 1)..]);
        }

        return new TaggedSentence(words, tags);
    }
}
