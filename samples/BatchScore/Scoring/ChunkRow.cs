using BatchScore.Inputs;

namespace BatchScore.Scoring;

/// <summary>A row of a chunk.</summary>
/// <param name="File">The file it is from.</param>
/// <param name="Number">Its number there, from 1.</param>
/// <param name="Values">A value for each column.</param>
internal sealed record ChunkRow(InputFile File, long Number, object[] Values);
