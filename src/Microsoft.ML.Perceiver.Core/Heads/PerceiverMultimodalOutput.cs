using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What <see cref="PerceiverForMultimodalAutoencoding"/> returns for the points that were decoded (the reference's dictionary of logits).
/// </summary>
public sealed class PerceiverMultimodalOutput : PerceiverOutput
{
    /// <summary>The weighted loss of the targets; null without targets.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>The pixels, [batch, points, 3], the last axis red, green and blue.</summary>
    public required Tensor Image { get; init; }

    /// <summary>The samples of the points' patches, [batch, points * samples of a patch].</summary>
    public required Tensor Audio { get; init; }

    /// <summary>Scores of the labels before softmax, [batch, labels].</summary>
    public required Tensor Label { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() => base.Tensors().Append(Loss).Append(Image).Append(Audio).Append(Label);
}
