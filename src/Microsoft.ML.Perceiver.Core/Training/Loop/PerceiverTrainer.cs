namespace Microsoft.ML.Perceiver;

/// <summary>The training loop of every head: seeded batches of like length, AdamW, LAMB or Muon, the best weights by a validation metric.</summary>
public static class PerceiverTrainer
{
    /// <summary>
    /// Trains a model. When it ends, in whatever way, the model has the best weights so far, is in float32 and in evaluation mode, and torch's
    /// global random state is as it was.
    /// </summary>
    /// <param name="objective">What is learnt.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">There are no rows, a part or the monitored metric is none of the model's, or there is early stopping without validation rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The loss is no longer a number, or the run folder holds another training.</exception>
    /// <exception cref="IOException">The run folder cannot be written, or another process trains in it.</exception>
    /// <exception cref="UnauthorizedAccessException">The run folder may not be written.</exception>
    public static PerceiverTrainingResult Run(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (objective.RowCount == 0)
            throw new ArgumentException("There are no training rows.", nameof(objective));
        if (objective.Model.parameters().FirstOrDefault() is { } weight && PerceiverPrecisions.Slowness(options.Precision, weight.device) is { } slow)
            options.Warn(slow);
        // Weights that change leave integers that were made of them behind.
        (objective.Model as PerceiverPreTrainedModel)?.UseFloats();
        using var session = new TrainingLoop(objective, options);
        return session.Execute();
    }
}
