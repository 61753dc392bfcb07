namespace Microsoft.ML.Perceiver;

/// <summary>What became of the names of a checkpoint and of a model when one was loaded into the other.</summary>
/// <param name="Loaded">Parameters of the model that have the checkpoint's values.</param>
/// <param name="NewlyInitialized">Parameters of the model that have new random values: a head the checkpoint lacks, or has for other labels.</param>
/// <param name="Unused">Tensors of the checkpoint that the model has no place for: another head's.</param>
public sealed record PerceiverCheckpointReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> NewlyInitialized, IReadOnlyList<string> Unused);
