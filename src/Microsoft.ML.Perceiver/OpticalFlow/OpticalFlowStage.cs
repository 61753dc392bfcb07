global using OpticalFlowContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverOpticalFlowOptions,
    Microsoft.ML.Perceiver.OpticalFlowFound,
    Microsoft.ML.Perceiver.PerceiverForOpticalFlow>;

namespace Microsoft.ML.Perceiver;

/// <summary>Pairs of frames to flow.</summary>
internal sealed class OpticalFlowStage(OpticalFlowContent content)
    : BatchStage<FramePair, PerceiverFlowField>, IModelStage<PerceiverForOpticalFlow>
{
    private readonly OpticalFlowRunner _runner = new(content.Model, content.Options, content.Found.Flow);

    public override IReadOnlyList<InputColumn> Inputs { get; } = content.Options.Inputs;

    public override IReadOnlyList<OutputColumn<PerceiverFlowField>> Outputs { get; } = FlowColumns.Of(content.Options);

    // The tiles of a pair go together; more pairs at once would only hold more flow.
    internal override int WindowSize => 1;

    internal override bool ReadsAhead => true;

    ModelRunner<PerceiverForOpticalFlow> IModelStage<PerceiverForOpticalFlow>.Runner => _runner;

    internal override Func<FramePair> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        FramePair.CreateReader(row, columns[0], columns[1]);

    internal override PerceiverFlowField[] Score(IReadOnlyList<FramePair> window) =>
        [.. window.Select(pair => _runner.Predictor.Predict(pair.First, pair.Second))];
}

/// <summary>What fitting optical flow finds out.</summary>
/// <param name="Flow">How frames of any size become flow.</param>
internal sealed record OpticalFlowFound(PerceiverOpticalFlowPredictorOptions Flow) : IFound
{
    public void Check(PerceiverConfig config)
    {
        if (Flow is null)
            throw new FormatException("Flow is missing.");
        Flow.Validate();
    }
}
