namespace Microsoft.ML.Perceiver;

/// <summary>Why a training ended.</summary>
public enum PerceiverTrainingStopReason
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The validation metric did not get better for as long as was allowed.</summary>
    EarlyStopped,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>Its time was up.</summary>
    TimeLimit,

    /// <summary>A progress callback asked for it (<see cref="PerceiverTrainingProgress.Stop"/>).</summary>
    Stopped,
}
