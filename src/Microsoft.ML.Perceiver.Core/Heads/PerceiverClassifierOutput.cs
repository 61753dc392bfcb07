using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What the classification heads return (reference class <c>PerceiverClassifierOutput</c>).</summary>
public sealed class PerceiverClassifierOutput : PerceiverOutput
{
    /// <summary>The loss of the labels; null without labels.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>Scores before softmax or sigmoid, or regression values, [batch, labels].</summary>
    public required Tensor Logits { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() => base.Tensors().Append(Loss).Append(Logits);
}
