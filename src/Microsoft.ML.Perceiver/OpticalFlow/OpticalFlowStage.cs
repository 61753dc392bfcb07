global using OpticalFlowContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverOpticalFlowOptions,
    Microsoft.ML.Perceiver.OpticalFlowFound,
    Microsoft.ML.Perceiver.PerceiverForOpticalFlow>;

namespace Microsoft.ML.Perceiver;

/// <summary>Pairs of frames to flow.</summary>
internal sealed class OpticalFlowStage : BatchStage<FramePair, FoundFlow>, IModelStage<PerceiverForOpticalFlow>
{
    private readonly OpticalFlowContent _content;
    private readonly OpticalFlowRunner _runner;
    private readonly bool _keepsLast;
    private FoundFlow? _last;

    internal OpticalFlowStage(OpticalFlowContent content)
        : this(content, new OpticalFlowRunner(content.Model, content.Options, content.Found.Flow), keepsLast: false)
    {
    }

    private OpticalFlowStage(OpticalFlowContent content, OpticalFlowRunner runner, bool keepsLast)
    {
        (_content, _runner, _keepsLast) = (content, runner, keepsLast);
        (Inputs, Outputs) = (content.Options.Inputs, FlowColumns.Of(content.Options));
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn<FoundFlow>> Outputs { get; }

    // The tiles of a pair go together; more pairs at once would only hold more flow.
    internal override int WindowSize => 1;

    internal override bool ReadsAhead => true;

    // The flow's size is that of the frames, and costs nothing.
    internal override bool ComputesWhenRead => true;

    ModelRunner<PerceiverForOpticalFlow> IModelStage<PerceiverForOpticalFlow>.Runner => _runner;

    internal override Func<FramePair> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        FramePair.CreateReader(row, columns[0], columns[1]);

    // A view of one row, the usual case, is often read column by column with a cursor for each.
    internal override BatchStage<FramePair, FoundFlow> ForView() => new OpticalFlowStage(_content, _runner, keepsLast: true);

    internal override FoundFlow[] Score(IReadOnlyList<FramePair> window) => [.. window.Select(Find)];

    private FoundFlow Find(FramePair pair)
    {
        if (_last is { } last && last.IsOf(pair))
            return last;
        var found = new FoundFlow(pair, _runner.Predictor);
        if (_keepsLast)
            _last = found;
        return found;
    }
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
