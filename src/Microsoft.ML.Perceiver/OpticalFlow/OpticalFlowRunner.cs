using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>A loaded model of optical flow.</summary>
internal sealed class OpticalFlowRunner : ModelRunner<PerceiverForOpticalFlow>
{
    private readonly PerceiverOpticalFlowPredictor _predictor;

    /// <inheritdoc cref="ModelRunner{TModel}(IHostEnvironment, TModel, StageSettings, string?)"/>
    internal OpticalFlowRunner(IHostEnvironment environment, PerceiverForOpticalFlow model, OpticalFlowSettings settings, string? device)
        : base(environment, model, settings, device) => _predictor = OrDispose(() => new PerceiverOpticalFlowPredictor(model, settings.Flow));

    /// <summary>Writes the model and how its flow is computed.</summary>
    internal void SavePretrained(string directory, PerceiverPrecision precision, PerceiverOpticalFlowPredictorOptions flow)
    {
        Model.SavePretrained(directory, precision);
        new PerceiverImageProcessor(FlowProcessorKeys.Write(flow)).SaveTo(directory);
    }

    internal PerceiverFlowField Predict(FramePair pair) => _predictor.Predict(pair.First, pair.Second);
}
