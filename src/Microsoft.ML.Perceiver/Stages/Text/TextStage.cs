namespace Microsoft.ML.Perceiver;

/// <summary>The stage of a head that reads texts, in whatever form.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <typeparam name="TInput">What is read of a row.</typeparam>
/// <typeparam name="TOutput">What comes out for a text.</typeparam>
/// <param name="model">The model.</param>
/// <param name="options">The head's settings.</param>
/// <param name="maxLength">The longest text in tokens.</param>
internal abstract class TextStage<TModel, TInput, TOutput>(TModel model, PerceiverTextOptions options, int maxLength)
    : BatchStage<TInput, TOutput>, IModelStage<TModel>
    where TModel : PerceiverPreTrainedModel
{
    public override IReadOnlyList<InputColumn> Inputs { get; } = options.Inputs;

    internal override int WindowSize => Runner.WindowSize;

    internal override int? LengthLimit => maxLength;

    ModelRunner<TModel> IModelStage<TModel>.Runner => Runner;

    protected TextRunner<TModel> Runner { get; } = new(model, options, maxLength);
}

/// <summary>The stage of a head that reads texts as token ids.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <typeparam name="TOutput">What comes out for a text.</typeparam>
/// <param name="model">The model.</param>
/// <param name="options">The head's settings.</param>
/// <param name="maxLength">The longest text in tokens.</param>
internal abstract class TextStage<TModel, TOutput>(TModel model, PerceiverTextOptions options, int maxLength)
    : TextStage<TModel, TokenizedText, TOutput>(model, options, maxLength)
    where TModel : PerceiverPreTrainedModel
{
    private readonly TextReader _reader = options.CreateReader(maxLength);

    internal override Func<TokenizedText> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var read = _reader.CreateReader(row, columns);
        return () =>
        {
            var text = read();
            Check(text);
            return text;
        };
    }

    internal override bool IsCut(TokenizedText input) => input.IsTruncated;

    internal sealed override TOutput[] Score(IReadOnlyList<TokenizedText> window) =>
        [.. ScoreTexts([.. window.Select(text => text.Ids)]).Zip(window, Finish)];

    /// <summary>Checks that a text can be scored.</summary>
    /// <exception cref="RowException">It cannot be scored.</exception>
    protected virtual void Check(TokenizedText text)
    {
    }

    /// <summary>Makes of a result what needs the text and not its tokens alone.</summary>
    protected virtual TOutput Finish(TOutput output, TokenizedText text) => output;

    /// <summary>Scores texts: a result for each.</summary>
    /// <param name="window">Their token ids.</param>
    /// <returns>A result for each text.</returns>
    protected abstract TOutput[] ScoreTexts(IReadOnlyList<int[]> window);
}
