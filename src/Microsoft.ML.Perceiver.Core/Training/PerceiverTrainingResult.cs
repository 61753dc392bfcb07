namespace Microsoft.ML.Perceiver;

/// <summary>The result of a training.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Evaluations">
/// The progress at each evaluation: at the end of each finished epoch, and between where the options say so.
/// </param>
/// <param name="BestEpoch">
/// The epoch, from 1, of the model's weights; 0 where the training was cancelled before the first evaluation, and the weights are those of
/// the last step.
/// </param>
/// <param name="BestStep">The step, from 1, of the model's weights; 0 where <paramref name="BestEpoch"/> is.</param>
/// <param name="Duration">How long it took, with the time before it was resumed.</param>
public sealed record PerceiverTrainingResult(
    PerceiverTrainingStopReason StopReason,
    IReadOnlyList<PerceiverTrainingProgress> Evaluations,
    int BestEpoch,
    long BestStep,
    TimeSpan Duration)
{
    /// <summary>The progress at the end of each finished epoch.</summary>
    public IReadOnlyList<PerceiverTrainingProgress> Epochs => [.. Evaluations.Where(e => e.IsEpochEnd)];
}
