namespace Microsoft.ML.Perceiver;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls to zero along half a cosine.</summary>
    Cosine,

    /// <summary>It falls to zero in a straight line.</summary>
    Linear,
}
