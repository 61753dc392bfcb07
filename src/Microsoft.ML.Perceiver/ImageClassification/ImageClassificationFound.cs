namespace Microsoft.ML.Perceiver;

/// <summary>What fitting an image classification finds out.</summary>
/// <param name="ImageProcessor">The text of its <c>preprocessor_config.json</c>.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Labels">The labels.</param>
internal sealed record ImageClassificationFound(string ImageProcessor, PerceiverProblemType Problem, LabelSet Labels);
