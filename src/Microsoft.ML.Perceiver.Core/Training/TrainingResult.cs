namespace Microsoft.ML.Perceiver;

/// <summary>How a training went.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Epochs">The state at the end of each epoch that was finished.</param>
/// <param name="BestEpoch">The epoch, from 1, whose weights the model has now; 0 where none was finished, and the weights are as they came.</param>
/// <param name="Duration">How long it took.</param>
public sealed record TrainingResult(TrainingStopReason StopReason, IReadOnlyList<TrainingProgress> Epochs, int BestEpoch, TimeSpan Duration);
