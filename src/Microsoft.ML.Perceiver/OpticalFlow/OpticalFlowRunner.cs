namespace Microsoft.ML.Perceiver;

/// <summary>How a model of optical flow runs.</summary>
/// <param name="model">The model, on its device and in its precision.</param>
/// <param name="options">How it runs.</param>
/// <param name="flow">How frames of any size become flow.</param>
internal sealed class OpticalFlowRunner(PerceiverForOpticalFlow model, PerceiverOptions options, PerceiverOpticalFlowPredictorOptions flow)
    : ModelRunner<PerceiverForOpticalFlow>(model, options)
{
    /// <summary>What computes the flow, without gradients.</summary>
    internal PerceiverOpticalFlowPredictor Predictor { get; } = new(model, flow);

    internal override ModelInputs ModelInputs => InputsOf(flow);

    /// <summary>The file that says how flow is computed.</summary>
    internal static ModelInputs InputsOf(PerceiverOpticalFlowPredictorOptions flow) => new(ImageProcessor: FlowProcessorKeys.Write(flow));
}
