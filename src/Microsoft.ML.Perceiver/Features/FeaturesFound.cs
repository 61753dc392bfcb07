namespace Microsoft.ML.Perceiver;

/// <summary>What fitting features finds out.</summary>
/// <param name="MaxLength">The longest text in tokens; null where images are read.</param>
/// <param name="ImageProcessor">The text of the <c>preprocessor_config.json</c>; null where texts are read.</param>
/// <param name="Architecture">The image classifier whose preprocessor the model has; null where texts are read.</param>
internal sealed record FeaturesFound(int? MaxLength = null, string? ImageProcessor = null, string? Architecture = null);
