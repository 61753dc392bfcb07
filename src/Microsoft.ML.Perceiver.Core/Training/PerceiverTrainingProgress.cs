using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>The progress of a training after a step, after an evaluation or at the end of an epoch.</summary>
public sealed record PerceiverTrainingProgress
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The largest number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps done in all epochs.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of all epochs.</summary>
    public required long Steps { get; init; }

    /// <summary>Mean training loss of the epoch so far, weighted by the batches' sizes.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>Training loss of the last step.</summary>
    public required double StepLoss { get; init; }

    /// <summary>Norm of the last step's gradient before it was clipped.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training rows per second in this epoch, without validation.</summary>
    public required double RowsPerSecond { get; init; }

    /// <summary>Time since the training began, with the time before it was resumed.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether an epoch ended with this step.</summary>
    public bool IsEpochEnd { get; init; }

    /// <summary>The metrics over the validation set; null where this is no evaluation, empty without a validation set.</summary>
    public IReadOnlyDictionary<string, double>? ValidationMetrics { get; init; }

    /// <summary>Whether the weights of this evaluation are the best so far.</summary>
    public bool IsBest { get; init; }

    /// <summary>Called by <see cref="Stop"/>.</summary>
    [JsonIgnore]
    internal Action? StopRequested { get; init; }

    /// <summary>Ends the training after this step; the best weights so far are kept. Without effect once the training is over.</summary>
    public void Stop() => StopRequested?.Invoke();
}
