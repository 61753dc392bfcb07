namespace Microsoft.ML.Perceiver;

/// <summary>
/// How the labels of a model differ from those of the checkpoint that it was loaded from, and what became of the output layer.
/// </summary>
public enum PerceiverLabelChange
{
    /// <summary>They are the same in the same order, or neither has names; the output layer is the checkpoint's.</summary>
    None,

    /// <summary>They are the same in another order; the rows of the output layer were put into the new order.</summary>
    Reordered,

    /// <summary>They are others, or answer another kind of question; the output layer was randomly initialised.</summary>
    Replaced,
}
