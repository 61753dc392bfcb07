using BatchScore.Inputs;

namespace BatchScore.Planning;

/// <summary>A shard's rows of one file.</summary>
/// <param name="File">The file.</param>
/// <param name="Row">The first row's place in it, from 0.</param>
/// <param name="Offset">The byte at which it begins; of a file's first row also 0.</param>
/// <param name="Rows">How many rows there are.</param>
internal sealed record Segment(InputFile File, long Row, long Offset, long Rows);
