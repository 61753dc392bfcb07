namespace Microsoft.ML.Perceiver;

/// <summary>How positions are combined with the inputs (the reference's <c>concat_or_add_pos</c>).</summary>
public enum PerceiverPositionCombination
{
    /// <summary>Concatenated after the input's channels.</summary>
    Concat,

    /// <summary>Added to the input's channels, of which there must be as many as of the position, or one, which is broadcast.</summary>
    Add,
}
