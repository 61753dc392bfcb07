namespace Microsoft.ML.Perceiver;

/// <summary>Texts to scores: columns to tensors and back.</summary>
internal sealed class TextClassificationStage : BatchStage<int[], float[]>
{
    private readonly TextRunner<PerceiverForSequenceClassification> _model;
    private readonly TextReader _reader;
    private readonly ClassificationColumns _columns;

    internal TextClassificationStage(TextRunner<PerceiverForSequenceClassification> model, TextClassificationSettings settings)
    {
        _model = model;
        _columns = new ClassificationColumns(settings.ScoreColumnName, settings.PredictedLabelColumnName, settings.Problem, LabelSet.FromData(settings.Labels));
        _reader = new TextReader(settings.TextColumnName, settings.SecondTextColumnName, settings.MaxLength, settings.LongText);
        var text = InputColumn.Text(settings.TextColumnName);
        Inputs = settings.SecondTextColumnName is { } second ? [text, text with { Name = second }] : [text];
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs => _columns.Outputs;

    public override int WindowSize => _model.WindowSize;

    protected override Func<int[]> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    protected override float[][] Score(IReadOnlyList<int[]> window) => _model.Run(window, batch =>
    {
        var (ids, mask) = TokenBatch.ToTensors(batch, _model.Device);
        return TextRunner<PerceiverForSequenceClassification>.Rows(_columns.Scores(_model.Model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Logits));
    });

    protected override Delegate CreateGetter(int output, Func<float[]> current) => _columns.CreateGetter(output, current);
}
