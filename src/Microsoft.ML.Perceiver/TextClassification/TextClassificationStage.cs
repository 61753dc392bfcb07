using Content = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverTextClassificationOptions,
    Microsoft.ML.Perceiver.TextClassificationFound,
    Microsoft.ML.Perceiver.PerceiverForSequenceClassification>;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to scores.</summary>
internal sealed class TextClassificationStage(Content content)
    : TextStage<PerceiverForSequenceClassification, float[]>(content.Model, content.Options, content.Found.MaxLength)
{
    private readonly ClassificationColumns _columns = new(content.Options, content.Found.Problem, content.Found.Labels);

    public override IReadOnlyList<OutputColumn> Outputs => _columns.Outputs;

    internal override float[][] Score(IReadOnlyList<int[]> window) => Runner.Infer(window, (ids, mask) =>
        _columns.Scores(Runner.Model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Logits));

    internal override Delegate CreateGetter(int output, Func<float[]> current) => _columns.CreateGetter(output, current);
}
