namespace Microsoft.ML.Perceiver;

/// <summary>Whether a stage writes what its results look at.</summary>
internal interface IAttentionOptions
{
    /// <summary>The column that the weights are written to; null for none, which computes none.</summary>
    string? AttentionColumnName { get; }

    /// <summary>Which attentions the weights follow.</summary>
    PerceiverAttentionKind AttentionKind { get; }
}
