using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>How a model that reads texts runs.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <param name="model">The model, on its device and in its precision.</param>
/// <param name="options">How it runs.</param>
/// <param name="maxLength">The longest text in tokens.</param>
internal sealed class TextRunner<TModel>(TModel model, PerceiverOptions options, int maxLength) : ModelRunner<TModel>(model, options)
    where TModel : PerceiverPreTrainedModel
{
    private readonly long _tokenBudget = InputBudget.Of(model.Config, model.Config.ModelChannels, options.MaxMemoryBytes);

    internal override ModelInputs ModelInputs => new(Tokenizer: new PerceiverTokenizerOptions { ModelMaxLength = maxLength });

    /// <summary>Rows that a data view reads ahead: several batches, for texts of like length to meet.</summary>
    internal int WindowSize => BatchSize * 4;

    /// <summary>Cuts a window into batches of texts of like length; results come in the window's order.</summary>
    /// <param name="window">The texts, in whatever form.</param>
    /// <param name="length">The tokens of a text.</param>
    /// <param name="score">Scores a batch: a result for each text.</param>
    internal TResult[] Run<TText, TResult>(
        IReadOnlyList<TText> window, Func<TText, int> length, Func<IReadOnlyList<TText>, IReadOnlyList<TResult>> score) =>
        LengthBatches.Run(window, length, BatchSize, _tokenBudget, score);

    /// <summary>Runs texts through the model in batches of like length: a row of the result for each text, in the texts' order.</summary>
    /// <param name="window">The texts' token ids.</param>
    /// <param name="forward">Token ids, int64 [batch, tokens], and their mask, null without padding, to a result [batch, ...].</param>
    internal float[][] Infer(IReadOnlyList<int[]> window, Func<Tensor, Tensor?, Tensor> forward) =>
        Infer(window, ids => ids.Length, batch =>
        {
            var (ids, mask) = TokenBatch.ToTensors(batch, Device);
            return forward(ids, mask);
        });

    /// <summary>As <see cref="Infer(IReadOnlyList{int[]}, Func{Tensor, Tensor?, Tensor})"/>, with texts in whatever form.</summary>
    /// <param name="window">The texts.</param>
    /// <param name="length">The tokens of a text.</param>
    /// <param name="forward">A batch of texts to a result [batch, ...].</param>
    internal float[][] Infer<TText>(
        IReadOnlyList<TText> window, Func<TText, int> length, Func<IReadOnlyList<TText>, Tensor> forward) =>
        Run(window, length, batch => Infer(() => forward(batch)));
}
