namespace Microsoft.ML.Perceiver;

/// <summary>How several masks of one text are filled together.</summary>
public enum PerceiverFillMaskDecoding
{
    /// <summary>
    /// The model reads the text once; each mask's bytes are judged given all that is not masked, and the fillings with the largest product
    /// are found among those that are valid text. One forward pass for any number of masks, the reference's own way.
    /// </summary>
    OneShot,

    /// <summary>
    /// The masks are filled from left to right, the model reading what was filled before: a beam search over the true joint probability.
    /// One forward pass of <c>beam</c> texts for each mask.
    /// </summary>
    LeftToRight,
}
