namespace Microsoft.ML.Perceiver;

/// <summary>What fitting a text classification finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Labels">The labels.</param>
internal sealed record TextClassificationFound(int MaxLength, PerceiverProblemType Problem, LabelSet Labels);
