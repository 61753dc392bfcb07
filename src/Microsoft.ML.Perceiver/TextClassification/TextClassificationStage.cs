global using TextClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverTextClassificationOptions,
    Microsoft.ML.Perceiver.TextLabelsFound,
    Microsoft.ML.Perceiver.PerceiverForSequenceClassification>;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to scores.</summary>
internal sealed class TextClassificationStage(TextClassificationContent content)
    : TextStage<PerceiverForSequenceClassification, ScoredRow>(content.Model, content.Options, content.Found.MaxLength)
{
    private readonly PerceiverTextClassificationOptions _options = content.Options;

    public override IReadOnlyList<OutputColumn<ScoredRow>> Outputs { get; } = AttentionColumn.With(
        ClassificationColumns.Of(content.Options, content.Found.Problem, content.Found.Labels, content.Found.IsBinary),
        content.Options,
        InputsOf(content.Options));

    /// <summary>What the weights of an attention map are for.</summary>
    internal static string InputsOf(PerceiverTextClassificationOptions options) => options.SecondTextColumnName is null
        ? AttentionColumn.Characters
        : AttentionColumn.Characters + ", each unit of the second text, [SEP]";

    protected override ScoredRow[] ScoreTexts(IReadOnlyList<int[]> window)
    {
        bool wantsAttention = _options.AttentionColumnName is not null;
        float[][] rows = Runner.Infer(window, wantsAttention ? ScoresAndAttention : Scores);
        return Array.ConvertAll(rows, row => ScoredRow.Of(row, content.Found.Labels.Names.Count));
    }

    protected override ScoredRow Finish(ScoredRow output, TokenizedText text) =>
        text.Source is { } source ? output with { Attention = source.ByCharacter(output.Attention, text.Ids) } : output;

    private Tensor Scores(Tensor ids, Tensor? mask) =>
        ScoresOf(Runner.Model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Logits);

    private Tensor ScoresAndAttention(Tensor ids, Tensor? mask)
    {
        var (logits, attention) = Runner.Model.Traced(ids, mask, _options.AttentionKind);
        return cat([ScoresOf(logits), attention.squeeze(1)], 1);
    }

    private Tensor ScoresOf(Tensor logits) =>
        ClassificationColumns.Scores(logits, content.Found.Problem, content.Model.Config, content.Found.IsBinary);
}
