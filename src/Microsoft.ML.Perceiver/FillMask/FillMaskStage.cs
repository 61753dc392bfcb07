global using FillMaskContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverFillMaskOptions, Microsoft.ML.Perceiver.FillMaskFound, Microsoft.ML.Perceiver.PerceiverForMaskedLM>;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts with masks to the best texts without.</summary>
internal sealed class FillMaskStage(FillMaskContent content)
    : TextStage<PerceiverForMaskedLM, FillMaskStage.FilledTexts>(content.Model, content.Options, content.Found.MaxLength)
{
    private readonly PerceiverMaskFiller _filler = new(content.Model);
    private readonly PerceiverFillMaskOptions _options = content.Options;

    public override IReadOnlyList<OutputColumn<FilledTexts>> Outputs { get; } = OutputsOf(content.Options);

    /// <summary>The columns that are written.</summary>
    internal static IReadOnlyList<OutputColumn<FilledTexts>> OutputsOf(PerceiverFillMaskOptions options) =>
    [
        OutputColumn<FilledTexts>.Scalar(options.OutputColumnName, TextDataViewType.Instance, row => row.Texts[0]),
        OutputColumn<FilledTexts>.Vector(options.FillingsColumnName, TextDataViewType.Instance, row => row.Texts, options.TopK),
        OutputColumn<FilledTexts>.Vector(
            options.LogProbabilitiesColumnName, NumberDataViewType.Single, row => row.LogProbabilities, options.TopK),
        .. AttentionColumn.Of<FilledTexts>(
            options, "for each mask: " + AttentionColumn.Characters, row => [.. row.Attention.SelectMany(mask => mask)]),
    ];

    protected override void Check(TokenizedText text)
    {
        if (text.Ids.Contains(PerceiverTokenizer.MaskTokenId))
            return;
        string where = text.IsTruncated ? $" among the {text.Ids.Length} tokens that are read." : ".";
        string mask = PerceiverTokenizer.Default.Options.MaskToken;
        throw new RowException(0, $"the text in the column '{_options.TextColumnName}' has no {mask}{where}");
    }

    // The filler computes without gradients by itself.
    protected override FilledTexts[] ScoreTexts(IReadOnlyList<int[]> window) => Runner.Run(window, ids => ids.Length, batch =>
    {
        var fillings = _filler.Fill(batch, _options.TopK, _options.Decoding, _options.BeamWidth);
        float[][][] attention = _options.AttentionColumnName is null ? [] : AttentionOf(batch);
        return batch.Select((ids, i) => Fill(ids, fillings[i], attention.Length == 0 ? [] : attention[i])).ToArray();
    });

    protected override FilledTexts Finish(FilledTexts output, TokenizedText text) => text.Source is { } source
        ? output with { Attention = Array.ConvertAll(output.Attention, mask => source.ByCharacter(mask, text.Ids)) }
        : output;

    /// <summary>For each text and each of its masks, a weight for each token.</summary>
    private float[][][] AttentionOf(IReadOnlyList<int[]> batch)
    {
        int[][] masks = [.. batch.Select(PerceiverMaskFiller.MasksOf)];
        // Where the masks have the same weights, as those of the encoder, there is one row of them.
        float[][] rows = TextRunner<PerceiverForMaskedLM>.Infer(() =>
        {
            var (ids, mask) = TokenBatch.ToTensors(batch, Runner.Model.Device);
            var positions = TokenBatch.Pad(masks, 0, Runner.Model.Device);
            var weights = Runner.Model.AttentionAt(ids, positions, mask, _options.AttentionKind);
            return weights.expand(-1, positions.shape[1], -1).flatten(1);
        });
        int tokens = batch.Max(ids => ids.Length);
        return [.. rows.Select((row, i) => row.Chunk(tokens).Take(masks[i].Length).ToArray())];
    }

    private static FilledTexts Fill(int[] ids, IReadOnlyList<PerceiverMaskFilling> fillings, float[][] attention)
    {
        // [CLS] and the last [SEP] were put round the text; special tokens that the text itself has are part of it.
        var texts = fillings.Select(filling => PerceiverTokenizer.Default
            .Decode(PerceiverMaskFiller.Apply(ids, filling)[1..^1], skipSpecialTokens: false, cleanUpTokenizationSpaces: false).AsMemory());
        return new FilledTexts(texts.ToArray(), fillings.Select(f => f.LogProbability).ToArray(), attention);
    }

    /// <summary>The best fillings of a row.</summary>
    /// <param name="Texts">The texts with their masks filled, the best first.</param>
    /// <param name="LogProbabilities">The joint log-probability of each.</param>
    /// <param name="Attention">For each mask what it looks at; none where nobody asks for it.</param>
    internal sealed record FilledTexts(ReadOnlyMemory<char>[] Texts, float[] LogProbabilities, float[][] Attention);
}

/// <summary>What fitting a fill-mask finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
internal sealed record FillMaskFound(int MaxLength) : IFound
{
    public void Check(PerceiverConfig config) => FoundChecks.RequireLength(MaxLength, config);
}
