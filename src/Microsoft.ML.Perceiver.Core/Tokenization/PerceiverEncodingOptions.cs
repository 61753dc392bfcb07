namespace Microsoft.ML.Perceiver;

/// <summary>How texts are encoded (the arguments of the reference's call).</summary>
public sealed record PerceiverEncodingOptions
{
    /// <summary>Whether <c>[CLS]</c> and <c>[SEP]</c> are put round the texts.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>How far short texts are filled up.</summary>
    public TokenizerPadding Padding { get; init; } = TokenizerPadding.None;

    /// <summary>What is cut off long texts. What would leave nothing is not cut, as in the reference.</summary>
    public TokenizerTruncation Truncation { get; init; } = TokenizerTruncation.None;

    /// <summary>The largest length, special tokens included; null takes the tokenizer's.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many tokens before the cut the overflowing tokens repeat.</summary>
    public int Stride { get; init; }

    /// <summary>Padding goes on to a multiple of this; null for no such thing.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <summary>Whether special tokens in a text are read as the text they are.</summary>
    public bool SplitSpecialTokens { get; init; }

    /// <summary>Whether <see cref="PerceiverEncoding.AttentionMask"/> is wanted.</summary>
    public bool ReturnAttentionMask { get; init; } = true;

    /// <summary>Whether <see cref="PerceiverEncoding.TokenTypeIds"/> are wanted.</summary>
    public bool ReturnTokenTypeIds { get; init; }

    /// <summary>Whether <see cref="PerceiverEncoding.SpecialTokensMask"/> is wanted.</summary>
    public bool ReturnSpecialTokensMask { get; init; }

    /// <summary>Whether <see cref="PerceiverEncoding.OverflowingTokens"/> are wanted.</summary>
    public bool ReturnOverflowingTokens { get; init; }

    /// <summary>Whether <see cref="PerceiverEncoding.Length"/> is wanted.</summary>
    public bool ReturnLength { get; init; }

    /// <summary>Checks the numbers.</summary>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxLength ?? 0, nameof(MaxLength));
        ArgumentOutOfRangeException.ThrowIfNegative(Stride);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PadToMultipleOf ?? 1, nameof(PadToMultipleOf));
        if (ReturnTokenTypeIds && !AddSpecialTokens)
            throw new ArgumentException("Token type ids need the special tokens to be added.", nameof(ReturnTokenTypeIds));
    }
}
