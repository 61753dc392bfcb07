namespace Microsoft.ML.Perceiver;

/// <summary>How texts are encoded (the arguments of the reference's call).</summary>
public sealed record PerceiverEncodingOptions
{
    /// <summary>Whether <c>[CLS]</c> and <c>[SEP]</c> are added to the texts.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>To which length short texts are padded.</summary>
    public PerceiverTokenizerPadding Padding { get; init; } = PerceiverTokenizerPadding.None;

    /// <summary>
    /// How long texts are truncated. Null, the default, truncates the longest first where <see cref="MaxLength"/> is given and nothing is
    /// padded, and does nothing otherwise. A text is not truncated where no token would be left. All as in the reference.
    /// </summary>
    public PerceiverTokenizerTruncation? Truncation { get; init; }

    /// <summary>The largest length, special tokens included; null for that of the tokenizer.</summary>
    public int? MaxLength { get; init; }

    /// <summary>How many tokens before the cut the overflowing tokens repeat.</summary>
    public int Stride { get; init; }

    /// <summary>Texts are padded to a multiple of this length; null for any length.</summary>
    public int? PadToMultipleOf { get; init; }

    /// <summary>Whether special tokens in a text are encoded as plain text.</summary>
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

    /// <summary>The truncation, with the default where <see cref="Truncation"/> is null.</summary>
    internal PerceiverTokenizerTruncation EffectiveTruncation =>
        Truncation ?? (MaxLength is not null && Padding == PerceiverTokenizerPadding.None
            ? PerceiverTokenizerTruncation.LongestFirst
            : PerceiverTokenizerTruncation.None);

    /// <summary>Checks the numbers.</summary>
    /// <param name="modelMaxLength">The largest length where the options have none.</param>
    internal void Validate(int modelMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxLength ?? 0, nameof(MaxLength));
        ArgumentOutOfRangeException.ThrowIfNegative(Stride);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PadToMultipleOf ?? 1, nameof(PadToMultipleOf));
        if (ReturnTokenTypeIds && !AddSpecialTokens)
            throw new ArgumentException("Token type ids need the special tokens to be added.", nameof(ReturnTokenTypeIds));
        int length = MaxLength ?? modelMaxLength;
        bool both = EffectiveTruncation != PerceiverTokenizerTruncation.None && Padding != PerceiverTokenizerPadding.None;
        // Padding would make truncated texts longer than the largest length again.
        if (both && PadToMultipleOf is { } multiple && length % multiple != 0)
        {
            throw new ArgumentException(
                $"Texts are cut to {length} tokens and padded to a multiple of {multiple}, but {length} is none; "
                + "choose a largest length that is.",
                nameof(PadToMultipleOf));
        }
    }
}
