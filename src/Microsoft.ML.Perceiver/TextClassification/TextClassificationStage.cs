global using TextClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverTextClassificationOptions,
    Microsoft.ML.Perceiver.TextClassificationFound,
    Microsoft.ML.Perceiver.PerceiverForSequenceClassification>;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to scores.</summary>
internal sealed class TextClassificationStage(TextClassificationContent content)
    : TextStage<PerceiverForSequenceClassification, float[]>(content.Model, content.Options, content.Found.MaxLength)
{
    private readonly ClassificationColumns _columns =
        new(content.Options, content.Found.Problem, content.Found.Labels, content.Model.Config);

    public override IReadOnlyList<OutputColumn> Outputs => _columns.Outputs;

    protected override float[][] ScoreTexts(IReadOnlyList<int[]> window) => Runner.Infer(window, (ids, mask) =>
        _columns.Scores(Runner.Model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Logits));

    internal override Delegate CreateGetter(int output, Func<float[]> current) => _columns.CreateGetter(output, current);
}

/// <summary>What fitting a text classification finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Labels">The labels.</param>
internal sealed record TextClassificationFound(int MaxLength, PerceiverProblemType Problem, LabelSet Labels);
