namespace Microsoft.ML.Perceiver;

/// <summary>Which of several forms a graph has that compute the same.</summary>
/// <param name="Opset">The version of ONNX's operators.</param>
/// <param name="Weights">How the weights are stored.</param>
internal sealed record OnnxForm(int Opset, OnnxWeights Weights = OnnxWeights.Float32)
{
    /// <summary>Inputs of a block with a scale of its own in <see cref="OnnxWeights.Int8Blocks"/>.</summary>
    internal const int BlockInputs = 32;

    /// <summary>Whether attention is one operator of ONNX Runtime's instead of several of ONNX's.</summary>
    internal bool FusedAttention { get; init; }

    /// <summary>Whether the weights of <see cref="OnnxWeights.Int8"/> have seven bits instead of eight.</summary>
    internal bool SevenBits { get; init; } = true;

    /// <summary>Whether there is an input for an attention mask; null for models that read texts or vectors.</summary>
    internal bool? AttentionMask { get; init; }

    /// <summary>The type of the attention mask.</summary>
    internal OnnxElement MaskElement { get; init; } = OnnxElement.Int64;

    /// <summary>Axes of the attention mask: 2 for [batch, inputs], 3 for [batch, latents, inputs].</summary>
    internal int MaskRank { get; init; } = 2;

    /// <summary>Whether a masked language model has an input for the positions whose tokens are scored, instead of scoring all.</summary>
    internal bool AtPositions { get; init; }

    /// <summary>
    /// The longest text in tokens, of a graph that takes texts and makes their ids itself; null for a graph that takes ids.
    /// </summary>
    internal int? TextLength { get; init; }

    /// <summary>
    /// Height and width of images, to which trained positions are interpolated; null for those that the model is made for.
    /// </summary>
    internal (int Height, int Width)? ImageSize { get; init; }
}
