namespace Microsoft.ML.Perceiver;

/// <summary>How the learning rate changes after the warm-up.</summary>
public enum PerceiverLearningRateSchedule
{
    /// <summary>It stays the same.</summary>
    Constant,

    /// <summary>It falls to zero along half a cosine.</summary>
    Cosine,

    /// <summary>It falls to zero in a straight line.</summary>
    Linear,

    /// <summary>
    /// One cycle (Smith and Topin 2018): it rises along half a cosine from 1/25 of the largest over the warm-up, then falls along half a
    /// cosine to 1/10,000 of its first value.
    /// </summary>
    OneCycle,
}
