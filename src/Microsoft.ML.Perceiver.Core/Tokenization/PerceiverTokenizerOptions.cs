namespace Microsoft.ML.Perceiver;

/// <summary>Settings of a <see cref="PerceiverTokenizer"/> (the constructor arguments of the reference).</summary>
public sealed record PerceiverTokenizerOptions
{
    /// <summary>The text of id 0, which pads short texts.</summary>
    public string PadToken { get; init; } = "[PAD]";

    /// <summary>The text of id 1.</summary>
    public string BosToken { get; init; } = "[BOS]";

    /// <summary>The text of id 2.</summary>
    public string EosToken { get; init; } = "[EOS]";

    /// <summary>The text of id 3, which replaces a byte that is to be predicted.</summary>
    public string MaskToken { get; init; } = "[MASK]";

    /// <summary>The text of id 4, which begins a text.</summary>
    public string ClsToken { get; init; } = "[CLS]";

    /// <summary>The text of id 5, which ends a text.</summary>
    public string SepToken { get; init; } = "[SEP]";

    /// <summary>The length of truncation and padding where the call gives none.</summary>
    public int ModelMaxLength { get; init; } = 2048;

    /// <summary>The end where padding is added.</summary>
    public PerceiverTokenizerSide PaddingSide { get; init; } = PerceiverTokenizerSide.Right;

    /// <summary>The end where truncation removes tokens.</summary>
    public PerceiverTokenizerSide TruncationSide { get; init; } = PerceiverTokenizerSide.Right;

    /// <summary>Whether decoding removes the spaces before punctuation and English contractions.</summary>
    public bool CleanUpTokenizationSpaces { get; init; } = true;

    /// <summary>
    /// Whether special tokens in a text are encoded as plain text; <see cref="PerceiverEncodingOptions.SplitSpecialTokens"/> does so for
    /// one call.
    /// </summary>
    public bool SplitSpecialTokens { get; init; }

    /// <summary>The special tokens in the order of their ids.</summary>
    internal string[] SpecialTokens => [PadToken, BosToken, EosToken, MaskToken, ClsToken, SepToken];
}
