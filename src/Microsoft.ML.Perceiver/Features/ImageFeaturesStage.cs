namespace Microsoft.ML.Perceiver;

/// <summary>Pictures to latents: columns to tensors and back.</summary>
internal sealed class ImageFeaturesStage : BatchStage<ImageInput, float[]>
{
    private readonly ImageRunner<PerceiverModel> _model;
    private readonly ImageReader _reader;
    private readonly FeaturesColumn _column;

    internal ImageFeaturesStage(ImageRunner<PerceiverModel> model, FeaturesSettings settings)
    {
        _model = model;
        _column = new FeaturesColumn(settings.OutputColumnName, settings.Kind, model.Model.Config);
        _reader = settings.Image!.CreateReader();
        Inputs = [_reader.Input];
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs => [_column.Output];

    public override int WindowSize => _model.WindowSize;

    public override bool ReadsAhead => true;

    protected override Func<ImageInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        _reader.CreateReader(row, columns[0], image => ImageInput.Of(image, _model.Processor));

    protected override float[][] Score(IReadOnlyList<ImageInput> window) =>
        _model.Run(window, pixels => ImageRunner<PerceiverModel>.Rows(_column.Values(_model.Model.Encode(pixels))));

    protected override Delegate CreateGetter(int output, Func<float[]> current) => Getters.Vector(current);
}
