namespace Microsoft.ML.Perceiver;

/// <summary>The stage of a head that reads images.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <typeparam name="TOptions">The head's settings.</typeparam>
/// <typeparam name="TOutput">What comes out for an image.</typeparam>
/// <param name="model">The model, on its device and in its precision.</param>
/// <param name="perceiver">The part of it that reads images.</param>
/// <param name="options">The head's settings.</param>
/// <param name="processor">The text of its <c>preprocessor_config.json</c>.</param>
/// <param name="architecture">The class of the head whose preprocessor the model has.</param>
internal abstract class ImageStage<TModel, TOptions, TOutput>(
    TModel model, PerceiverModel perceiver, TOptions options, string processor, string architecture)
    : BatchStage<ImageInput, TOutput>, IModelStage<TModel>
    where TModel : PerceiverPreTrainedModel
    where TOptions : PerceiverOptions, IImageOptions
{
    private readonly ImageReader _reader = options.CreateReader();

    public override IReadOnlyList<InputColumn> Inputs => [_reader.Input];

    internal override int WindowSize => Runner.WindowSize;

    internal override bool ReadsAhead => true;

    ModelRunner<TModel> IModelStage<TModel>.Runner => Runner;

    protected ImageRunner<TModel> Runner { get; } = CreateRunner(model, perceiver, options, processor, architecture);

    internal override Func<ImageInput> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        _reader.CreateReader(row, columns[0], image => ImageInput.Of(image, Runner.Processor), !Runner.Processor.Options.DoRescale);

    private static ImageRunner<TModel> CreateRunner(
        TModel model, PerceiverModel perceiver, TOptions options, string processor, string architecture)
    {
        options.RequireSize(PerceiverImageProcessorOptions.FromJson(processor), model.Config, architecture);
        return new ImageRunner<TModel>(model, perceiver, options, processor, options.InterpolatePositions);
    }
}
