namespace Microsoft.ML.Perceiver;

/// <summary>How texts are encoded (the arguments of the reference's call).</summary>
public sealed record PerceiverEncodingOptions
{
    /// <summary>Whether <c>[CLS]</c> and <c>[SEP]</c> are put round the texts.</summary>
    public bool AddSpecialTokens { get; init; } = true;

    /// <summary>How far short texts are filled up.</summary>
    public PerceiverTokenizerPadding Padding { get; init; } = PerceiverTokenizerPadding.None;

    /// <summary>
    /// What is cut off long texts. Null, the default, cuts the longest first where <see cref="MaxLength"/> is given and nothing is padded, and
    /// nothing otherwise. What would leave nothing is not cut. All as in the reference.
    /// </summary>
    public PerceiverTokenizerTruncation? Truncation { get; init; }

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

    /// <summary>What is cut where the call says nothing of it.</summary>
    internal PerceiverTokenizerTruncation EffectiveTruncation =>
        Truncation ?? (MaxLength is not null && Padding == PerceiverTokenizerPadding.None ? PerceiverTokenizerTruncation.LongestFirst : PerceiverTokenizerTruncation.None);

    /// <summary>Checks the numbers.</summary>
    /// <param name="modelMaxLength">The largest length where the options name none.</param>
    internal void Validate(int modelMaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxLength ?? 0, nameof(MaxLength));
        ArgumentOutOfRangeException.ThrowIfNegative(Stride);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PadToMultipleOf ?? 1, nameof(PadToMultipleOf));
        if (ReturnTokenTypeIds && !AddSpecialTokens)
            throw new ArgumentException("Token type ids need the special tokens to be added.", nameof(ReturnTokenTypeIds));
        int length = MaxLength ?? modelMaxLength;
        // Padding would make what was cut longer than the largest length again.
        if (EffectiveTruncation != PerceiverTokenizerTruncation.None && Padding != PerceiverTokenizerPadding.None && PadToMultipleOf is { } multiple && length % multiple != 0)
        {
            throw new ArgumentException(
                $"Texts are cut to {length} tokens and padded to a multiple of {multiple}, but {length} is none; choose a largest length that is.", nameof(PadToMultipleOf));
        }
    }
}
