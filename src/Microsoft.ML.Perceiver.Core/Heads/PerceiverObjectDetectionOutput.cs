using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What <see cref="PerceiverForObjectDetection"/> returns, by the names of the reference's <c>DetrObjectDetectionOutput</c>.
/// </summary>
public sealed class PerceiverObjectDetectionOutput : PerceiverOutput
{
    /// <summary>The set loss, a scalar; null without labels.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>Scores before softmax, [batch, queries, labels + 1]; the last one is that of no object.</summary>
    public required Tensor Logits { get; init; }

    /// <summary>
    /// The box of each query (<c>pred_boxes</c>), [batch, queries, 4]: centre x, centre y, width and height, as shares of the image that
    /// the model reads, from 0 to 1.
    /// </summary>
    public required Tensor PredictedBoxes { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() => base.Tensors().Append(Loss).Append(Logits).Append(PredictedBoxes);
}
