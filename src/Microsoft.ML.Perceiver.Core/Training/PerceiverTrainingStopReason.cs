namespace Microsoft.ML.Perceiver;

/// <summary>Why a training ended.</summary>
public enum PerceiverTrainingStopReason
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The validation metric did not improve within the patience.</summary>
    EarlyStopped,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>The time limit was reached.</summary>
    TimeLimit,

    /// <summary>A progress callback stopped it (<see cref="PerceiverTrainingProgress.Stop"/>).</summary>
    Stopped,
}
