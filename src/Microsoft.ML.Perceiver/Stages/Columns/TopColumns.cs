namespace Microsoft.ML.Perceiver;

/// <summary>The columns of the most probable labels.</summary>
/// <param name="Count">How many labels, or all where there are fewer.</param>
/// <param name="Labels">The column of their names.</param>
/// <param name="Scores">The column of their probabilities.</param>
internal sealed record TopColumns(int Count, string Labels, string Scores);
