namespace Microsoft.ML.Perceiver;

/// <summary>What the encoder of a model has in a graph.</summary>
/// <param name="Inputs">The graph's inputs, without the attention mask.</param>
/// <param name="Preprocessed">What the preprocessor made of them.</param>
/// <param name="Latents">The latents after the last layer, [batch, latents, channels].</param>
internal sealed record OnnxEncoded(OnnxInputs Inputs, OnnxPreprocessed Preprocessed, OnnxValue Latents);
