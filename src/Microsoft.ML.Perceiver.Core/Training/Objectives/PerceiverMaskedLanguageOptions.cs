namespace Microsoft.ML.Perceiver;

/// <summary>Which bytes of a text masked language modelling predicts, and what replaces them.</summary>
public sealed record PerceiverMaskedLanguageOptions
{
    /// <summary>The share of a text's bytes, or words, that is masked; one at least is.</summary>
    public double MaskProbability { get; init; } = 0.15;

    /// <summary>
    /// Whether whole words are masked instead of single bytes. A word is a run of letters, digits, apostrophes and bytes beyond ASCII; any
    /// other byte that is no white space is a word of its own, and white space is not masked.
    /// </summary>
    public bool WholeWords { get; init; }

    /// <summary>
    /// Whether other bytes are masked each time a text is trained on (dynamic masking) instead of the same (static masking).
    /// </summary>
    public bool Dynamic { get; init; } = true;

    /// <summary>
    /// Whether only 80% of the chosen bytes of a training text become <c>[MASK]</c>, 10% another byte and 10% stay (Devlin et al. 2019);
    /// otherwise all become <c>[MASK]</c>, as in a text that is to be filled. Validation always masks all.
    /// </summary>
    public bool MixedReplacement { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0 and below 1.</exception>
    internal void Validate() =>
        OptionRange.Require(MaskProbability is > 0 and < 1, nameof(MaskProbability), MaskProbability, "above 0 and below 1");
}
