namespace BatchScore.Inputs;

/// <summary>What the plan needs to know of a file's rows.</summary>
/// <param name="Rows">How many there are.</param>
/// <param name="First">The byte at which the first one begins.</param>
/// <param name="Cuts">The bytes at which those begin that a shard begins with, but for the first one.</param>
internal sealed record FileScan(long Rows, long First, IReadOnlyList<long> Cuts);
