namespace Microsoft.ML.Perceiver;

/// <summary>An encoded text, or pair of texts (the reference's <c>BatchEncoding</c> of one).</summary>
public sealed record PerceiverEncoding
{
    /// <summary>The token ids.</summary>
    public required IReadOnlyList<int> InputIds { get; init; }

    /// <summary>1 for a token, 0 for padding; null unless wanted.</summary>
    public IReadOnlyList<int>? AttentionMask { get; init; }

    /// <summary>
    /// 0 for the first text, 1 for the second; null unless wanted. As in the reference it does not count the special tokens.
    /// </summary>
    public IReadOnlyList<int>? TokenTypeIds { get; init; }

    /// <summary>
    /// 1 for a special token that was added, 0 for tokens of the text, also for special tokens in it; null unless wanted.
    /// </summary>
    public IReadOnlyList<int>? SpecialTokensMask { get; init; }

    /// <summary>The tokens that were cut off, after as many as the stride; null unless wanted.</summary>
    public IReadOnlyList<int>? OverflowingTokens { get; init; }

    /// <summary>The length of the text minus the allowed length; null unless overflowing tokens are wanted.</summary>
    public int? NumTruncatedTokens { get; init; }

    /// <summary>
    /// The number of ids: with the padding for a single text, without it in a batch, as in the reference; null unless wanted.
    /// </summary>
    public int? Length { get; init; }
}
