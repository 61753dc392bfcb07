using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The columns that every classifier writes: scores and predicted labels.</summary>
internal sealed class ClassificationColumns
{
    private readonly ProblemType _problem;

    internal ClassificationColumns(string score, string predictedLabel, ProblemType problem, LabelSet labels)
    {
        _problem = problem;
        Outputs = OutputsOf(score, predictedLabel, problem, labels);
    }

    internal IReadOnlyList<OutputColumn> Outputs { get; }

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

    /// <summary>Logits to what the column of scores has.</summary>
    internal Tensor Scores(Tensor logits)
    {
        var full = logits.to(ScalarType.Float32);
        return _problem switch
        {
            ProblemType.SingleLabel => full.softmax(-1),
            ProblemType.MultiLabel => full.sigmoid(),
            _ => full,
        };
    }

    /// <summary>The getter of a column, given the current row's scores.</summary>
    internal Delegate CreateGetter(int output, Func<float[]> current) => (output, _problem) switch
    {
        (0, ProblemType.Regression) when Outputs[0].Type is NumberDataViewType => Getters.Scalar(() => current()[0]),
        (0, _) => Getters.Vector(current),
        (_, ProblemType.SingleLabel) => Getters.Scalar(() => (uint)Best(current()) + 1),
        _ => Getters.Vector(() => Array.ConvertAll(current(), p => p >= 0.5f)),
    };

    private static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());
}
