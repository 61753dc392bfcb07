using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to scores: columns to tensors and back.</summary>
internal sealed class TextClassificationStage : BatchStage<int[], float[]>
{
    private readonly TextModel<PerceiverForSequenceClassification> _model;
    private readonly TextReader _reader;
    private readonly ProblemType _problem;

    internal TextClassificationStage(TextModel<PerceiverForSequenceClassification> model, TextClassificationSettings settings)
    {
        _model = model;
        _problem = settings.Problem;
        _reader = new TextReader(settings.TextColumnName, settings.SecondTextColumnName, settings.MaxLength, settings.LongText);
        var text = new InputColumn(settings.TextColumnName, TextDataViewType.Instance);
        Inputs = settings.SecondTextColumnName is { } second ? [text, text with { Name = second }] : [text];
        Outputs = OutputsOf(settings.ScoreColumnName, settings.PredictedLabelColumnName, settings.Problem, LabelSet.FromData(settings.Labels));
    }

    public override IReadOnlyList<InputColumn> Inputs { get; }

    public override IReadOnlyList<OutputColumn> Outputs { get; }

    public override int WindowSize => _model.WindowSize;

    /// <summary>The columns that a problem has.</summary>
    internal static IReadOnlyList<OutputColumn> OutputsOf(string score, string predictedLabel, ProblemType problem, LabelSet labels)
    {
        var scores = new VectorDataViewType(NumberDataViewType.Single, labels.Names.Count);
        return problem switch
        {
            ProblemType.Regression when labels.Names.Count == 1 =>
                [new OutputColumn(score, NumberDataViewType.Single, StageAnnotations.Score("Regression"))],
            ProblemType.Regression => [new OutputColumn(score, scores, labels.ScoreAnnotations("Regression"))],
            ProblemType.SingleLabel =>
            [
                new OutputColumn(score, scores, labels.ScoreAnnotations("MulticlassClassification")),
                new OutputColumn(predictedLabel, labels.KeyType, labels.KeyAnnotations()),
            ],
            _ =>
            [
                new OutputColumn(score, scores, labels.ScoreAnnotations("MultiOutputClassification")),
                new OutputColumn(predictedLabel, new VectorDataViewType(BooleanDataViewType.Instance, labels.Names.Count), labels.ScoreAnnotations("MultiOutputClassification")),
            ],
        };
    }

    protected override Func<int[]> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) => _reader.CreateReader(row, columns);

    protected override float[][] Score(IReadOnlyList<int[]> window) => _model.Run(window, batch =>
    {
        var (ids, mask) = TokenBatch.ToTensors(batch, _model.Device);
        var logits = _model.Model.forward(ids, mask).Logits.to(ScalarType.Float32);
        return TextModel<PerceiverForSequenceClassification>.Rows(_problem switch
        {
            ProblemType.SingleLabel => logits.softmax(-1),
            ProblemType.MultiLabel => logits.sigmoid(),
            _ => logits,
        });
    });

    protected override Delegate CreateGetter(int output, Func<float[]> current) => (output, _problem) switch
    {
        (0, ProblemType.Regression) when Outputs[0].Type is NumberDataViewType => ScalarGetter(() => current()[0]),
        (0, _) => VectorGetter(current),
        (_, ProblemType.SingleLabel) => ScalarGetter(() => (uint)Best(current()) + 1),
        _ => VectorGetter(() => current().Select(p => p >= 0.5f).ToArray()),
    };

    private static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());
}
