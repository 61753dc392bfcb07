namespace Microsoft.ML.Perceiver;

/// <summary>How the parts of the multimodal autoencoder's loss are weighed: their sum, each times its weight.</summary>
/// <param name="Image">Of the mean squared error of the pixels.</param>
/// <param name="Audio">Of the mean squared error of the samples.</param>
/// <param name="Label">Of the cross-entropy of the label in nats.</param>
public sealed record PerceiverAutoencodingWeights(double Image = 1, double Audio = 1, double Label = 0.01);
