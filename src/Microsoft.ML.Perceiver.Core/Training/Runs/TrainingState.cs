namespace Microsoft.ML.Perceiver;

/// <summary>Where a training stands, but for its tensors: what a checkpoint has in <c>state.json</c>.</summary>
internal sealed record TrainingState
{
    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>The epoch that goes on, from 1; one more than there are when all are done.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Batches of the epoch that are done.</summary>
    public long Batch { get; init; }

    /// <summary>Where the epoch's order comes from; null before it begins.</summary>
    public ulong? OrderKey { get; init; }

    /// <summary>The sum of the epoch's losses, each times its rows.</summary>
    public double LossSum { get; init; }

    /// <summary>Rows of the epoch that are done.</summary>
    public long Rows { get; init; }

    /// <summary>The epoch of the best weights; 0 for none yet.</summary>
    public int BestEpoch { get; init; }

    /// <summary>The step of the best weights.</summary>
    public long BestStep { get; init; }

    /// <summary>The monitored metric of the best weights.</summary>
    public double BestValue { get; init; }

    /// <summary>Evaluations since the best one.</summary>
    public int EvaluationsSinceBest { get; init; }

    /// <summary>Time that was trained.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Why the training ended for good; null where it may go on.</summary>
    public PerceiverTrainingStopReason? Ended { get; init; }

    /// <summary>The evaluations so far.</summary>
    public IReadOnlyList<PerceiverTrainingProgress> Evaluations { get; init; } = [];

    /// <summary>Where chance stands.</summary>
    public PerceiverRandomState? Random { get; init; }
}
