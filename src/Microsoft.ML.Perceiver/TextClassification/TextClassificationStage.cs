global using TextClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverTextClassificationOptions,
    Microsoft.ML.Perceiver.TextLabelsFound,
    Microsoft.ML.Perceiver.PerceiverForSequenceClassification>;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to scores.</summary>
internal sealed class TextClassificationStage(TextClassificationContent content)
    : TextStage<PerceiverForSequenceClassification, float[]>(content.Model, content.Options, content.Found.MaxLength)
{
    public override IReadOnlyList<OutputColumn<float[]>> Outputs { get; } =
        ClassificationColumns.Of(content.Options, content.Found.Problem, content.Found.Labels);

    protected override float[][] ScoreTexts(IReadOnlyList<int[]> window) => Runner.Infer(window, (ids, mask) =>
        ClassificationColumns.Scores(
            Runner.Model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Logits,
            content.Found.Problem,
            content.Model.Config));
}
