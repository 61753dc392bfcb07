namespace Microsoft.ML.Perceiver;

/// <summary>
/// Trains a model of any head: seeded batches of like length, AdamW, LAMB or Muon, the best weights by a validation metric.
/// </summary>
public static class PerceiverTrainer
{
    /// <summary>
    /// Trains a model. However the training ends, the model then has the best weights so far, is in float32 and in evaluation mode, and
    /// torch's global random state is as it was.
    /// </summary>
    /// <param name="objective">The model with its rows, loss and metrics.</param>
    /// <param name="options">The settings.</param>
    /// <returns>Why the training ended, its steps and its evaluations.</returns>
    /// <exception cref="ArgumentException">
    /// There are no rows, there is no such part or metric, or early stopping has no validation rows.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loss is no longer a number, the run folder holds another training, or the ranks of the communicator train differently.
    /// </exception>
    /// <exception cref="IOException">The run folder cannot be written, or another process trains in it.</exception>
    /// <exception cref="UnauthorizedAccessException">The run folder may not be written.</exception>
    public static PerceiverTrainingResult Run(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(options);
        var ranks = new TrainingRanks(options.Communicator);
        RankAgreement.Check(ranks, objective, options, () => Prepare(objective, options, ranks));
        using var loop = new TrainingLoop(objective, options, ranks);
        return ranks.Together(loop.Execute);
    }

    private static void Prepare(IPerceiverObjective objective, PerceiverTrainingOptions options, TrainingRanks ranks)
    {
        options.Validate();
        if (objective.RowCount == 0)
            throw new ArgumentException("There are no training rows.", nameof(objective));
        // 8-bit integers that were made of the weights would not follow them.
        (objective.Model as PerceiverPreTrainedModel)?.UseOwnWeights();
        if (ranks.IsFirst)
            Warn(objective, options);
    }

    private static void Warn(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        var log = TraceLogger.InPlaceOf(options.Logger);
        var device = objective.Model.parameters().FirstOrDefault()?.device;
        if (device is not null && PerceiverPrecisions.Slowness(options.Precision, device) is { } slow)
            TrainingLog.SlowPrecision(log, slow);
        if (objective.RowCount == 1)
            TrainingLog.SingleRow(log);
        if (objective is IWarnsOfRows { RowWarning: { } warning })
            TrainingLog.Rows(log, warning);
    }
}
