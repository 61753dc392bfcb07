using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>The state of a training without its tensors, for <c>state.json</c> of a checkpoint.</summary>
internal sealed record TrainingState
{
    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>The current epoch, from 1; one more than there are when all are done.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Finished batches of the epoch.</summary>
    public long Batch { get; init; }

    /// <summary>The key of the epoch's order; null before the epoch begins.</summary>
    public ulong? OrderKey { get; init; }

    /// <summary>The sum of the epoch's losses, each times its rows.</summary>
    public double LossSum { get; init; }

    /// <summary>Rows of the epoch's finished batches.</summary>
    public long Rows { get; init; }

    /// <summary>The epoch of the best weights; 0 for none yet.</summary>
    public int BestEpoch { get; init; }

    /// <summary>The step of the best weights.</summary>
    public long BestStep { get; init; }

    /// <summary>The monitored metric of the best weights.</summary>
    public double BestValue { get; init; }

    /// <summary>Evaluations since the best one.</summary>
    public int EvaluationsSinceBest { get; init; }

    /// <summary>Duration of the training so far.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Why the training ended; null where it can be resumed.</summary>
    public PerceiverTrainingStopReason? Ended { get; init; }

    /// <summary>The evaluations so far.</summary>
    public IReadOnlyList<PerceiverTrainingProgress> Evaluations { get; init; } = [];

    /// <summary>The state of the random number generator.</summary>
    public PerceiverRandomState? Random { get; init; }

    /// <summary>The states of the other ranks' random number generators, from rank 1 on; null for one process.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PerceiverRandomState>? RandomOfOthers { get; init; }
}

/// <summary>What a checkpoint's <c>state.json</c> holds; it is written last, so a checkpoint that has it was finished.</summary>
/// <param name="State">Where the training stands.</param>
/// <param name="Files">SHA-256 of each file that belongs to it, by its path relative to the checkpoints' folder.</param>
/// <param name="LogLengths">How long each log was then.</param>
internal sealed record CheckpointRecord(TrainingState State, Dictionary<string, string> Files, Dictionary<string, long> LogLengths);

/// <summary>The tensors of a training, which a checkpoint saves beside its <see cref="TrainingState"/>.</summary>
internal sealed record TrainingTensors(TrainedWeights Weights, TrainingOptimizer Optimizer, WeightSnapshot Average, WeightSnapshot Best);
