using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>A loaded model of optical flow.</summary>
internal sealed class OpticalFlowModel : StageModel<PerceiverForOpticalFlow>
{
    private readonly OpticalFlowPredictor _predictor;

    /// <inheritdoc cref="StageModel{TModel}(IHostEnvironment, TModel, StageSettings, string?)"/>
    internal OpticalFlowModel(IHostEnvironment environment, PerceiverForOpticalFlow model, OpticalFlowSettings settings, string? device)
        : base(environment, model, settings, device) => _predictor = OrDispose(() => new OpticalFlowPredictor(model, settings.Flow));

    /// <summary>Writes the model and how its flow is computed.</summary>
    internal void SavePretrained(string directory, PerceiverPrecision precision, OpticalFlowOptions flow)
    {
        Model.SavePretrained(directory, precision);
        new PerceiverImageProcessor(FlowProcessorKeys.Write(flow)).SaveTo(directory);
    }

    internal FlowField Predict(FramePair pair) => _predictor.Predict(pair.First, pair.Second);
}
