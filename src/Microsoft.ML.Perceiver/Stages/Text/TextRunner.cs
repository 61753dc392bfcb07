using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>A loaded model that reads texts.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
internal sealed class TextRunner<TModel> : ModelRunner<TModel>
    where TModel : PerceiverPreTrainedModel
{
    private readonly long _tokenBudget;

    /// <inheritdoc cref="ModelRunner{TModel}(IHostEnvironment, TModel, StageSettings, string?)"/>
    internal TextRunner(IHostEnvironment environment, TModel model, TextStageSettings settings, string? device)
        : base(environment, model, settings, device) =>
        _tokenBudget = InputBudget.Of(model.Config, model.Config.ModelChannels, settings.MaxMemoryBytes);

    /// <summary>Rows that a data view reads ahead: several batches, for texts of like length to meet.</summary>
    internal int WindowSize => checked(BatchSize * 4);

    /// <summary>Writes the model and the tokenizer, which takes texts as long as the model does.</summary>
    internal void SavePretrained(string directory, PerceiverPrecision precision)
    {
        Model.SavePretrained(directory, precision);
        new PerceiverTokenizer(new PerceiverTokenizerOptions { ModelMaxLength = Model.Config.MaxPositionEmbeddings }).SaveTo(directory);
    }

    /// <summary>Runs texts through the model in batches of like length; results come in the texts' order.</summary>
    internal TResult[] Run<TResult>(IReadOnlyList<int[]> window, Func<IReadOnlyList<int[]>, IReadOnlyList<TResult>> score) =>
        LengthBatches.Run(window, BatchSize, _tokenBudget, batch => Infer(() => score(batch)));
}
