namespace Microsoft.ML.Perceiver;

/// <summary>How positions are put to the inputs (the reference's <c>concat_or_add_pos</c>).</summary>
public enum PerceiverPositionCombination
{
    /// <summary>After the input's channels.</summary>
    Concat,

    /// <summary>Onto the input's channels, of which there must be as many, or one, which then goes with every channel of the position.</summary>
    Add,
}
