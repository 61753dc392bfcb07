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

    /// <summary>Writes a model and how its flow is computed.</summary>
    internal static void Save(
        PerceiverForOpticalFlow model, string directory, PerceiverPrecision precision, PerceiverOpticalFlowPredictorOptions flow)
    {
        model.SavePretrained(directory, precision);
        new PerceiverImageProcessor(FlowProcessorKeys.Write(flow)).SaveTo(directory);
    }

    internal override void SavePretrained(string directory, PerceiverPrecision precision) => Save(Model, directory, precision, flow);
}
