namespace Microsoft.ML.Perceiver;

/// <summary>The weights of the terms of the multimodal autoencoder's loss, which is their weighted sum.</summary>
/// <param name="Image">Weight of the mean squared error of the pixels.</param>
/// <param name="Audio">Weight of the mean squared error of the samples.</param>
/// <param name="Label">Weight of the cross-entropy of the label in nats.</param>
public sealed record PerceiverAutoencodingWeights(double Image = 1, double Audio = 1, double Label = 0.01);
