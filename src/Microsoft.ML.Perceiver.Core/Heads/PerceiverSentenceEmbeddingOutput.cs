using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="PerceiverForSentenceEmbedding"/> returns.</summary>
public sealed class PerceiverSentenceEmbeddingOutput : PerceiverOutput
{
    /// <summary>A vector of length one for each text, float32 [batch, embedding size].</summary>
    public required Tensor Embeddings { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() => base.Tensors().Append(Embeddings);
}
