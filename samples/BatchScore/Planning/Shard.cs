namespace BatchScore.Planning;

/// <summary>Rows that follow each other in the inputs, and whose results make one file.</summary>
/// <param name="Number">The shard's number, from 0.</param>
/// <param name="File">The place of the first row's file among the inputs.</param>
/// <param name="Row">The first row's place in that file, from 0.</param>
/// <param name="Offset">The byte at which it begins.</param>
/// <param name="Rows">How many rows there are.</param>
internal sealed record Shard(int Number, int File, long Row, long Offset, long Rows);
