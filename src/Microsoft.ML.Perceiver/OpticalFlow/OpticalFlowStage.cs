namespace Microsoft.ML.Perceiver;

/// <summary>Pairs of frames to flow: columns to tensors and back.</summary>
internal sealed class OpticalFlowStage : BatchStage<FramePair, PerceiverFlowField>
{
    private readonly OpticalFlowRunner _model;
    private readonly OpticalFlowSettings _settings;

    internal OpticalFlowStage(OpticalFlowRunner model, OpticalFlowSettings settings)
    {
        _model = model;
        _settings = settings;
        Inputs = [ImageReader.ImageColumn(settings.FirstImageColumnName), ImageReader.ImageColumn(settings.SecondImageColumnName)];
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs => _settings.Outputs;

    // The tiles of a pair go together; more pairs at once would only hold more flow.
    public override int WindowSize => 1;

    public override bool ReadsAhead => true;

    protected override Func<FramePair> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        FramePair.CreateReader(row, columns[0], columns[1]);

    protected override PerceiverFlowField[] Score(IReadOnlyList<FramePair> window) => [.. window.Select(pair => _model.Predict(pair))];

    protected override Delegate CreateGetter(int output, Func<PerceiverFlowField> current) => FlowColumns.CreateGetter(output, current, _settings.FlowImageMaxMotion);
}
