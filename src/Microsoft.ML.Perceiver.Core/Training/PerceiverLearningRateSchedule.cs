namespace Microsoft.ML.Perceiver;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum PerceiverLearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls to zero along half a cosine.</summary>
    Cosine,

    /// <summary>It falls to zero in a straight line.</summary>
    Linear,

    /// <summary>
    /// One cycle (Smith and Topin 2018): over the warm-up it rises along half a cosine from a 25th of the largest, then falls along half a
    /// cosine to a 10,000th of where it began.
    /// </summary>
    OneCycle,
}
