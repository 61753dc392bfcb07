namespace Microsoft.ML.Perceiver;

/// <summary>Texts of a row to token ids, with an error in words where a text cannot be read.</summary>
/// <param name="column">The column with the text.</param>
/// <param name="secondColumn">That with the second text; null for none.</param>
/// <param name="maxLength">The longest text in tokens.</param>
/// <param name="longText">What happens to a longer one.</param>
/// <param name="emptyText">What happens to an empty one.</param>
/// <param name="keepsText">Whether the texts are kept beside their tokens.</param>
internal sealed class TextReader(
    string column,
    string? secondColumn,
    int maxLength,
    PerceiverLongTextHandling longText,
    PerceiverEmptyTextHandling emptyText,
    bool keepsText = false)
{
    /// <summary>The error of an empty text.</summary>
    internal static RowException Empty(string column, string what) =>
        new(0, $"the text in the column '{column}' {what}; give it a text, or set EmptyText to Score.");

    /// <summary>A function that reads the row a cursor stands on.</summary>
    internal Func<TokenizedText> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var text = Getters.ScalarReader<ReadOnlyMemory<char>>(row, columns[0]);
        var second = secondColumn is null ? null : Getters.ScalarReader<ReadOnlyMemory<char>>(row, columns[1]);
        return () => Encode(text(), second?.Invoke());
    }

    /// <exception cref="RowException">A text is too long, no valid Unicode, or empty where that is refused.</exception>
    private TokenizedText Encode(ReadOnlyMemory<char> text, ReadOnlyMemory<char>? second)
    {
        bool isRefused = emptyText == PerceiverEmptyTextHandling.Refuse;
        if (isRefused && text.IsEmpty)
            throw Empty(column, "is empty or null");
        if (isRefused && second is { IsEmpty: true })
            throw Empty(secondColumn!, "is empty or null");
        int[] ids;
        int firstLength;
        bool truncated;
        try
        {
            ids = PerceiverTokenizer.Default.EncodeForModel(text.Span, second?.ToString(), maxLength, out truncated, out firstLength);
        }
        catch (ArgumentException e)
        {
            string columns = second is null ? $"'{column}'" : $"'{column}' or '{secondColumn}'";
            throw new RowException(0, $"the text in the column {columns} cannot be read: {e.Message}", e);
        }

        if (truncated && longText == PerceiverLongTextHandling.Refuse)
        {
            throw new RowException(
                0,
                $"the text in the column '{column}' has more than the {maxLength} tokens (bytes and special tokens) that are allowed; "
                + "shorten it, or set LongText to Truncate.");
        }

        var source = keepsText ? new TextOfTokens(text.ToString(), second?.ToString(), firstLength) : null;
        return new TokenizedText(ids, truncated, source);
    }
}

/// <summary>A text as the model reads it.</summary>
/// <param name="Ids">Its token ids, with the special tokens.</param>
/// <param name="IsTruncated">Whether its end was cut off.</param>
/// <param name="Source">The text itself; null where nobody needs it.</param>
internal readonly record struct TokenizedText(int[] Ids, bool IsTruncated, TextOfTokens? Source = null)
{
    /// <summary>Whether there is nothing but the special tokens round a text.</summary>
    internal bool IsEmpty => Ids.All(id => id is PerceiverTokenizer.ClsTokenId or PerceiverTokenizer.SepTokenId);
}

/// <summary>The texts that tokens were made of.</summary>
/// <param name="Text">The text.</param>
/// <param name="SecondText">The second text; null for none.</param>
/// <param name="FirstLength">The tokens of the first text.</param>
internal sealed record TextOfTokens(string Text, string? SecondText, int FirstLength)
{
    /// <summary>Weights of the tokens as those of the characters.</summary>
    /// <param name="weights">A weight for each token, and for padding behind them.</param>
    /// <param name="ids">The tokens.</param>
    internal float[] ByCharacter(ReadOnlySpan<float> weights, int[] ids) =>
        PerceiverTextAttention.Join(weights[..ids.Length], ids, FirstLength, Text, SecondText);
}
