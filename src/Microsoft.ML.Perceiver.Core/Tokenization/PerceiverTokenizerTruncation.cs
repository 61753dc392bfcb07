namespace Microsoft.ML.Perceiver;

/// <summary>What is cut off a text, or a pair of texts, that is too long.</summary>
public enum PerceiverTokenizerTruncation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Tokens of the longer of the two, one after the other.</summary>
    LongestFirst,

    /// <summary>Tokens of the first.</summary>
    OnlyFirst,

    /// <summary>Tokens of the second.</summary>
    OnlySecond,
}
