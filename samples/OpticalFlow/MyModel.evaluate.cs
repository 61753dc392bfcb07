using Microsoft.ML.Perceiver;

namespace OpticalFlow;

public partial class MyModel
{
    /// <summary>How far flow is from the true one, beside no motion at all and what OpenCV finds of the same frames.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="truth">The true flow.</param>
    /// <param name="frames">The files of the frames.</param>
    internal static Evaluation Evaluate(PerceiverFlowField flow, PerceiverFlowField truth, ModelInput frames) => new(
        PerceiverOpticalFlowMetrics.Compare(flow, truth),
        PerceiverOpticalFlowMetrics.Compare(new PerceiverFlowField(truth.Height, truth.Width), truth),
        PerceiverOpticalFlowMetrics.Compare(OpenCvFlow.Farneback(frames.First, frames.Second), truth));

    /// <summary>What <see cref="Evaluate"/> finds.</summary>
    /// <param name="Metrics">Of the flow.</param>
    /// <param name="Zero">Of no motion.</param>
    /// <param name="Farneback">Of OpenCV's.</param>
    internal sealed record Evaluation(
        PerceiverOpticalFlowMetrics Metrics, PerceiverOpticalFlowMetrics Zero, PerceiverOpticalFlowMetrics Farneback);
}
