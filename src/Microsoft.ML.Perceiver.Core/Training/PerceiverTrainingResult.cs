namespace Microsoft.ML.Perceiver;

/// <summary>How a training went.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Evaluations">The state at each evaluation: at the end of each epoch that was finished, and between where that was asked for.</param>
/// <param name="BestEpoch">
/// The epoch, from 1, that the model's weights are from; 0 where it was cancelled before anything was evaluated, and the weights are those of the
/// last step.
/// </param>
/// <param name="BestStep">The step, from 1, that the model's weights are from; 0 where it was cancelled before anything was evaluated.</param>
/// <param name="Duration">How long it took, with what a run folder held from before.</param>
public sealed record PerceiverTrainingResult(
    PerceiverTrainingStopReason StopReason, IReadOnlyList<PerceiverTrainingProgress> Evaluations, int BestEpoch, long BestStep, TimeSpan Duration)
{
    /// <summary>The state at the end of each epoch that was finished.</summary>
    public IReadOnlyList<PerceiverTrainingProgress> Epochs => [.. Evaluations.Where(e => e.IsEpochEnd)];
}
