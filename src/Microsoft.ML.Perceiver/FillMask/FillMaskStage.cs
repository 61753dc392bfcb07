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
        return batch.Select((ids, i) => Fill(ids, fillings[i])).ToArray();
    });

    private static FilledTexts Fill(int[] ids, IReadOnlyList<PerceiverMaskFilling> fillings)
    {
        // [CLS] and the last [SEP] were put round the text; special tokens that the text itself has are part of it.
        var texts = fillings.Select(filling => PerceiverTokenizer.Default
            .Decode(PerceiverMaskFiller.Apply(ids, filling)[1..^1], skipSpecialTokens: false, cleanUpTokenizationSpaces: false).AsMemory());
        return new FilledTexts(texts.ToArray(), fillings.Select(f => f.LogProbability).ToArray());
    }

    /// <summary>The best fillings of a row.</summary>
    /// <param name="Texts">The texts with their masks filled, the best first.</param>
    /// <param name="LogProbabilities">The joint log-probability of each.</param>
    internal sealed record FilledTexts(ReadOnlyMemory<char>[] Texts, float[] LogProbabilities);
}

/// <summary>What fitting a fill-mask finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
internal sealed record FillMaskFound(int MaxLength) : IFound
{
    public void Check(PerceiverConfig config) => FoundChecks.RequireLength(MaxLength, config);
}
