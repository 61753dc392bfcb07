namespace TokenClassification;

/// <summary>A sentence with a tag for each word.</summary>
/// <param name="Words">The words; punctuation marks are words too.</param>
/// <param name="Tags">The tags, in the order of the words.</param>
internal sealed record TaggedSentence(string[] Words, string[] Tags)
{
    /// <summary>The words joined by single spaces.</summary>
    public string Text => string.Join(' ', Words);
}
