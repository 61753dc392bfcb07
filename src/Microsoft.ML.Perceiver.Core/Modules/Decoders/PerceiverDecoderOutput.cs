using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What a decoder returns (reference class <c>PerceiverDecoderOutput</c>).</summary>
/// <param name="Logits">The output, [batch, queries, channels] unless the decoder says otherwise.</param>
/// <param name="CrossAttention">
/// The probabilities, [batch, heads, queries, latents]; null unless wanted, or without a cross-attention.
/// </param>
public sealed record PerceiverDecoderOutput(Tensor Logits, Tensor? CrossAttention);
