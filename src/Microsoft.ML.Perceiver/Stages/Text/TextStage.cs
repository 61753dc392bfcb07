namespace Microsoft.ML.Perceiver;

/// <summary>The stage of a head that reads texts, in whatever form.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <typeparam name="TOutput">What comes out for a text.</typeparam>
/// <param name="model">The model.</param>
/// <param name="options">The head's settings.</param>
internal abstract class TextStage<TModel, TInput, TOutput>(TModel model, PerceiverTextOptions options)
    : BatchStage<TInput, TOutput>, IModelStage<TModel>
    where TModel : PerceiverPreTrainedModel
{
    public override IReadOnlyList<InputColumn> Inputs { get; } = options.Inputs;

    internal override int WindowSize => Runner.WindowSize;

    ModelRunner<TModel> IModelStage<TModel>.Runner => Runner;

    protected TextRunner<TModel> Runner { get; } = new(model, options);
}

/// <summary>The stage of a head that reads texts as token ids.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <typeparam name="TOutput">What comes out for a text.</typeparam>
/// <param name="model">The model.</param>
/// <param name="options">The head's settings.</param>
/// <param name="maxLength">The longest text in tokens.</param>
internal abstract class TextStage<TModel, TOutput>(TModel model, PerceiverTextOptions options, int maxLength)
    : TextStage<TModel, int[], TOutput>(model, options)
    where TModel : PerceiverPreTrainedModel
{
    private readonly TextReader _reader = options.CreateReader(maxLength);

    internal override Func<int[]> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var read = _reader.CreateReader(row, columns);
        return () => Accept(read());
    }

    /// <summary>The token ids of a text that can be scored.</summary>
    /// <exception cref="RowException">It cannot be scored.</exception>
    protected virtual int[] Accept(TokenizedText text) => text.Ids;
}
