namespace Microsoft.ML.Perceiver;

/// <summary>An epoch of a trial.</summary>
/// <param name="TrialId">The trial's number in its experiment.</param>
/// <param name="Fold">The fold of a cross-validation, from 0; 0 without one.</param>
/// <param name="Training">Where its training stands, with the validation metrics.</param>
/// <param name="IsPruned">Whether it is hopeless, and ends here.</param>
public sealed record PerceiverTrialProgress(int TrialId, int Fold, PerceiverTrainingProgress Training, bool IsPruned);
