namespace Microsoft.ML.Perceiver;

/// <summary>Pictures to scores: columns to tensors and back.</summary>
internal sealed class ImageClassificationStage : BatchStage<ImageInput, float[]>
{
    private readonly ImageRunner<PerceiverForImageClassification> _model;
    private readonly ImageReader _reader;
    private readonly ClassificationColumns _columns;

    internal ImageClassificationStage(ImageRunner<PerceiverForImageClassification> model, ImageClassificationSettings settings)
    {
        _model = model;
        _reader = settings.CreateReader();
        _columns = new ClassificationColumns(
            settings.ScoreColumnName, settings.PredictedLabelColumnName, settings.Problem, LabelSet.FromData(settings.Labels), settings.Top);
        Inputs = [_reader.Input];
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs => _columns.Outputs;

    public override int WindowSize => _model.WindowSize;

    public override bool ReadsAhead => true;

    protected override Func<ImageInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        _reader.CreateReader(row, columns[0], image => ImageInput.Of(image, _model.Processor));

    protected override float[][] Score(IReadOnlyList<ImageInput> window) => _model.Run(window, pixels =>
        ImageRunner<PerceiverForImageClassification>.Rows(_columns.Scores(_model.Model.forward(pixels, outputAttentions: false, outputHiddenStates: false).Logits)));

    protected override Delegate CreateGetter(int output, Func<float[]> current) => _columns.CreateGetter(output, current);
}
