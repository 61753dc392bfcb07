namespace Microsoft.ML.Perceiver;

/// <summary>Texts to latents: columns to tensors and back.</summary>
internal sealed class TextFeaturesStage : BatchStage<int[], float[]>
{
    private readonly TextRunner<PerceiverModel> _model;
    private readonly TextReader _reader;
    private readonly FeaturesColumn _column;

    internal TextFeaturesStage(TextRunner<PerceiverModel> model, FeaturesSettings settings)
    {
        _model = model;
        _column = new FeaturesColumn(settings.OutputColumnName, settings.Kind, model.Model.Config);
        var text = settings.Text!;
        _reader = new TextReader(text.TextColumnName, null, text.MaxLength, text.LongText);
        Inputs = [InputColumn.Text(text.TextColumnName)];
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs => [_column.Output];

    public override int WindowSize => _model.WindowSize;

    protected override Func<int[]> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    protected override float[][] Score(IReadOnlyList<int[]> window) => _model.Run(window, batch =>
    {
        var (ids, mask) = TokenBatch.ToTensors(batch, _model.Device);
        return TextRunner<PerceiverModel>.Rows(_column.Values(_model.Model.Encode(ids, mask)));
    });

    protected override Delegate CreateGetter(int output, Func<float[]> current) => Getters.Vector(current);
}
