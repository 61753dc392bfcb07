namespace Microsoft.ML.Perceiver;

/// <summary>The stage of a head that reads images.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <param name="runner">How its model runs.</param>
/// <param name="options">How images are read.</param>
internal abstract class ImageStage<TModel>(ImageRunner<TModel> runner, IImageOptions options) : BatchStage<ImageInput, float[]>, IModelStage<TModel>
    where TModel : PerceiverPreTrainedModel
{
    private readonly ImageReader _reader = options.CreateReader();

    public override IReadOnlyList<InputColumn> Inputs => [_reader.Input];

    internal override int WindowSize => runner.WindowSize;

    internal override bool ReadsAhead => true;

    ModelRunner<TModel> IModelStage<TModel>.Runner => runner;

    protected ImageRunner<TModel> Runner => runner;

    internal override Func<ImageInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        _reader.CreateReader(row, columns[0], image => ImageInput.Of(image, runner.Processor));
}
