namespace Microsoft.ML.Perceiver;

/// <summary>Which tokens of a text, or a pair of texts, that is too long are removed.</summary>
public enum PerceiverTokenizerTruncation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Those of the longer text, one by one until both are short enough.</summary>
    LongestFirst,

    /// <summary>Those of the first text.</summary>
    OnlyFirst,

    /// <summary>Those of the second text.</summary>
    OnlySecond,
}
