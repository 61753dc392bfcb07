using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="PerceiverForMaskedLM"/> returns (reference class <c>PerceiverMaskedLMOutput</c>).</summary>
public sealed class PerceiverMaskedLMOutput : PerceiverOutput
{
    /// <summary>Mean cross-entropy in nats over the labels other than -100; null without labels.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>Scores of every token, [batch, max_position_embeddings, vocabulary], also for a shorter text.</summary>
    public required Tensor Logits { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() => base.Tensors().Append(Loss).Append(Logits);
}
