namespace Microsoft.ML.Perceiver;

/// <summary>How attention is computed where nobody wants its probabilities; all give the same numbers except for rounding.</summary>
internal enum AttentionForm
{
    /// <summary>A product, a softmax and a product; some queries at a time.</summary>
    Plain,

    /// <summary>Torch's own kernel, which keeps no probabilities.</summary>
    Fused,

    /// <summary>The same with zeros behind the channels of queries, keys and values, up to a number that it is fast for.</summary>
    Padded,
}
