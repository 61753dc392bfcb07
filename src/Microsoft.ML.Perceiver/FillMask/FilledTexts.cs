namespace Microsoft.ML.Perceiver;

/// <summary>The best fillings of a row.</summary>
/// <param name="Texts">The texts with their masks filled, the best first.</param>
/// <param name="LogProbabilities">The joint log-probability of each.</param>
internal sealed record FilledTexts(ReadOnlyMemory<char>[] Texts, float[] LogProbabilities);
