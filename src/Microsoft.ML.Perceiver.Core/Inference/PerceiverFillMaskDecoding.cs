namespace Microsoft.ML.Perceiver;

/// <summary>How several masks of one text are filled together.</summary>
public enum PerceiverFillMaskDecoding
{
    /// <summary>
    /// The model reads the text once and gives the probabilities of each mask's bytes given the unmasked text; the fillings with the
    /// largest product are found among those that are valid text. One forward pass for any number of masks, as in the reference.
    /// </summary>
    OneShot,

    /// <summary>
    /// The masks are filled from left to right, and the model reads what was filled before: a beam search over the true joint probability.
    /// One forward pass of <c>beam</c> texts for each mask.
    /// </summary>
    LeftToRight,
}
