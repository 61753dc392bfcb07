using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What <see cref="PerceiverForOpticalFlow"/> returns (reference class <c>PerceiverClassifierOutput</c>).</summary>
public sealed class PerceiverOpticalFlowOutput : PerceiverOutput
{
    /// <summary>The mean end-point error of the labels, in the logits' unit; null without labels.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>
    /// The motion of each pixel, [batch, height, width, 2]: to the right, then down. The published weights have a unit of 20 pixels
    /// (<see cref="PerceiverOpticalFlowPredictorOptions.FlowScale"/>).
    /// </summary>
    public required Tensor Logits { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() => base.Tensors().Append(Loss).Append(Logits);
}
