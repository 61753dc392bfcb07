using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="PerceiverModel"/> returns (reference class <c>PerceiverModelOutput</c>).</summary>
public sealed class PerceiverModelOutput : PerceiverOutput
{
    /// <summary>
    /// The decoder's output after the postprocessor, in the decoder's shape; null for a model without a decoder. With a postprocessor of
    /// several modalities, the joined output before it.
    /// </summary>
    public Tensor? Logits { get; init; }

    /// <summary>The results of each modality by its name; null without a postprocessor of several modalities.</summary>
    public IReadOnlyDictionary<string, Tensor>? ModalityLogits { get; init; }

    /// <summary>The latents after the last layer, [batch, latents, channels].</summary>
    public required Tensor LastHiddenState { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() =>
        base.Tensors().Concat(ModalityLogits?.Values ?? []).Append(Logits).Append(LastHiddenState);
}
