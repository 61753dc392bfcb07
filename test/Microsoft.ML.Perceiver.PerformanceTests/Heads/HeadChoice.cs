namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Which heads are measured, and how.</summary>
/// <param name="Weights">A folder of checkpoints, by their names; null for random weights.</param>
/// <param name="Head">One head; null for all.</param>
/// <param name="Precisions">The precisions.</param>
/// <param name="Batches">Rows of a call.</param>
internal sealed record HeadChoice(string? Weights, string? Head, IReadOnlyList<PerceiverPrecision> Precisions, IReadOnlyList<int> Batches);
