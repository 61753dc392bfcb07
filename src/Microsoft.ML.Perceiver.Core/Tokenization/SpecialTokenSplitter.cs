namespace Microsoft.ML.Perceiver;

/// <summary>Finds special tokens in a text: the leftmost one, and of several at one position the longest.</summary>
internal sealed class SpecialTokenSplitter
{
    private readonly (string Text, int Id)[] _tokens;

    internal SpecialTokenSplitter(IReadOnlyList<string> tokens) =>
        _tokens = tokens.Select((t, id) => (t, id)).Where(t => t.t.Length > 0).OrderByDescending(t => t.t.Length).ToArray();

    /// <summary>The next special token.</summary>
    /// <param name="text">The rest of the text.</param>
    /// <param name="start">The position of the token.</param>
    /// <param name="length">Its length.</param>
    /// <param name="id">Its id.</param>
    /// <returns>Whether there is one.</returns>
    internal bool TryFind(ReadOnlySpan<char> text, out int start, out int length, out int id)
    {
        start = int.MaxValue;
        length = 0;
        id = -1;
        foreach (var (token, tokenId) in _tokens)
        {
            int found = text.IndexOf(token, StringComparison.Ordinal);
            if (found >= 0 && found < start)
                (start, length, id) = (found, token.Length, tokenId);
        }

        return id >= 0;
    }

    /// <summary>The special token that a text begins with.</summary>
    internal bool TryMatch(ReadOnlySpan<char> text, out int length, out int id)
    {
        foreach (var (token, tokenId) in _tokens)
        {
            if (text.StartsWith(token, StringComparison.Ordinal))
            {
                (length, id) = (token.Length, tokenId);
                return true;
            }
        }

        (length, id) = (0, -1);
        return false;
    }
}
