using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The column of attention maps: a weight for each input of the model, for each result of a row.</summary>
internal static class AttentionColumn
{
    /// <summary>What the weights of a text are for, as the annotation says it.</summary>
    internal const string Characters = "[CLS], each UTF-16 unit of the text, [SEP]";

    /// <summary>The column where the settings ask for one.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="inputs">What the weights are for.</param>
    /// <param name="weights">The weights of a row.</param>
    /// <param name="dimensions">The dimensions of the vector; none where rows differ.</param>
    internal static IEnumerable<OutputColumn<TRow>> Of<TRow>(
        IAttentionOptions options, string inputs, Func<TRow, float[]> weights, params int[] dimensions) =>
        Of(options, inputs, weights, slots: null, dimensions);

    /// <summary>As <see cref="Of{TRow}(IAttentionOptions, string, Func{TRow, float[]}, int[])"/>, of inputs that may have names.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="inputs">What the weights are for.</param>
    /// <param name="weights">The weights of a row.</param>
    /// <param name="slots">The name of each input; null for none.</param>
    /// <param name="dimensions">The dimensions of the vector; none where rows differ.</param>
    internal static IEnumerable<OutputColumn<TRow>> Of<TRow>(
        IAttentionOptions options, string inputs, Func<TRow, float[]> weights, IReadOnlyList<string>? slots, int[] dimensions)
    {
        if (options.AttentionColumnName is not { } name)
            return [];
        var builder = new DataViewSchema.Annotations.Builder();
        if (slots is not null)
            StageAnnotations.AddSlotNames(builder, slots);
        StageAnnotations.AddText(builder, "AttentionKind", options.AttentionKind.ToString());
        StageAnnotations.AddText(builder, "AttentionInputs", inputs);
        var type = dimensions.Length == 0
            ? new VectorDataViewType(NumberDataViewType.Single)
            : new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return [new OutputColumn<TRow>(
            name, type, current => Getters.Vector(() => weights(current())), builder.ToAnnotations())];
    }

    /// <summary>The columns of scores, with that of the attention where the settings ask for it.</summary>
    /// <param name="scores">The columns of scores.</param>
    /// <param name="options">The settings.</param>
    /// <param name="inputs">What the weights are for.</param>
    /// <param name="dimensions">The dimensions of the vector; none where rows differ.</param>
    internal static IReadOnlyList<OutputColumn<ScoredRow>> With(
        IReadOnlyList<OutputColumn<float[]>> scores, IAttentionOptions options, string inputs, params int[] dimensions) =>
        With(scores, options, inputs, slots: null, dimensions);

    /// <summary>As the other, of inputs that may have names.</summary>
    /// <param name="scores">The columns of scores.</param>
    /// <param name="options">The settings.</param>
    /// <param name="inputs">What the weights are for.</param>
    /// <param name="slots">The name of each input; null for none.</param>
    /// <param name="dimensions">The dimensions of the vector; none where rows differ.</param>
    internal static IReadOnlyList<OutputColumn<ScoredRow>> With(
        IReadOnlyList<OutputColumn<float[]>> scores,
        IAttentionOptions options,
        string inputs,
        IReadOnlyList<string>? slots,
        int[] dimensions) =>
        [
            .. scores.Select(column => column.In<ScoredRow>(row => row.Scores)),
            .. Of<ScoredRow>(options, inputs, row => row.Attention, slots, dimensions),
        ];
}

/// <summary>The scores of a row, and what they look at.</summary>
/// <param name="Scores">The scores.</param>
/// <param name="Attention">A weight for each input; empty where none is asked for.</param>
internal sealed record ScoredRow(float[] Scores, float[] Attention)
{
    /// <summary>Takes scores and weights that were computed as one row apart.</summary>
    /// <param name="row">The scores, followed by the weights.</param>
    /// <param name="scores">How many scores there are.</param>
    internal static ScoredRow Of(float[] row, int scores) => new(row[..scores], row[scores..]);
}
