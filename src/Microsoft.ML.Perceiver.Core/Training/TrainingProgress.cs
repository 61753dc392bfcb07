namespace Microsoft.ML.Perceiver;

/// <summary>Where a training stands, after a step or at the end of an epoch.</summary>
public sealed record TrainingProgress
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>How many epochs there will be at most.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps done, of all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of all epochs.</summary>
    public required long Steps { get; init; }

    /// <summary>Mean training loss of the epoch so far, weighted by the batches' sizes.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training rows a second in this epoch, validation not counted.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Time since the training began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether an epoch ended with this step.</summary>
    public bool IsEpochEnd { get; init; }

    /// <summary>The metrics over the whole validation set; null within an epoch, empty without a validation set.</summary>
    public IReadOnlyDictionary<string, double>? ValidationMetrics { get; init; }

    /// <summary>Whether the weights of this epoch are the best so far.</summary>
    public bool IsBest { get; init; }
}
