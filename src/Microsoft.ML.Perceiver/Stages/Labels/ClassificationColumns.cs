using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The columns that every classifier writes: scores and predicted labels.</summary>
internal sealed class ClassificationColumns
{
    private readonly PerceiverProblemType _problem;
    private readonly ReadOnlyMemory<char>[] _names;
    private readonly int _top;
    private readonly LabelScaling? _scaling;

    /// <param name="options">The columns' names.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="config">The model's configuration, which has the unit of a regression's labels.</param>
    internal ClassificationColumns(IClassificationOptions options, PerceiverProblemType problem, LabelSet labels, PerceiverConfig config)
    {
        _scaling = problem == PerceiverProblemType.Regression ? LabelScaling.Of(config) : null;
        _problem = problem;
        _names = [.. labels.Names.Select(n => n.AsMemory())];
        _top = Math.Min(options.TopK ?? 0, _names.Length);
        Outputs = OutputsOf(options, problem, labels);
    }

    internal IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The columns that a problem has.</summary>
    internal static IReadOnlyList<OutputColumn> OutputsOf(IClassificationOptions options, PerceiverProblemType problem, LabelSet labels)
    {
        if (options.TopK is not null && problem != PerceiverProblemType.SingleLabel)
            throw new ArgumentException($"The most probable labels are for single labels; this is {problem}.", nameof(options));
        string score = options.ScoreColumnName, predictedLabel = options.PredictedLabelColumnName;
        int count = labels.Names.Count;
        var scores = new VectorDataViewType(NumberDataViewType.Single, count);
        switch (problem)
        {
            case PerceiverProblemType.Regression when count == 1:
                return [new OutputColumn(score, NumberDataViewType.Single, StageAnnotations.Score("Regression"))];
            case PerceiverProblemType.Regression:
                return [new OutputColumn(score, scores, labels.ScoreAnnotations("Regression"))];
            case PerceiverProblemType.SingleLabel:
                return
                [
                    new OutputColumn(score, scores, labels.ScoreAnnotations("MulticlassClassification")),
                    new OutputColumn(predictedLabel, labels.KeyType, labels.KeyAnnotations()),
                    .. TopOutputs(options, count),
                ];
            default:
                var annotations = labels.ScoreAnnotations("MultiOutputClassification");
                return
                [
                    new OutputColumn(score, scores, annotations),
                    new OutputColumn(predictedLabel, new VectorDataViewType(BooleanDataViewType.Instance, count), annotations),
                ];
        }
    }

    /// <summary>Logits to what the column of scores has.</summary>
    internal Tensor Scores(Tensor logits)
    {
        var full = logits.to(ScalarType.Float32);
        return _problem switch
        {
            PerceiverProblemType.SingleLabel => full.softmax(-1),
            PerceiverProblemType.MultiLabel => full.sigmoid(),
            _ => _scaling?.Restore(full) ?? full,
        };
    }

    /// <summary>The getter of a column, given the current row's scores.</summary>
    internal Delegate CreateGetter(int output, Func<float[]> current) => (output, _problem) switch
    {
        (0, PerceiverProblemType.Regression) when Outputs[0].Type is NumberDataViewType => Getters.Scalar(() => current()[0]),
        (0, _) => Getters.Vector(current),
        (1, PerceiverProblemType.SingleLabel) => Getters.Scalar(() => (uint)Best(current()) + 1),
        (2, _) => Getters.Vector(() => Array.ConvertAll(Ranked(current()), i => _names[i])),
        (3, _) => Getters.Vector(() => Array.ConvertAll(Ranked(current()), i => current()[i])),
        _ => Getters.Vector(() => Array.ConvertAll(current(), p => p >= 0.5f)),
    };

    private static IEnumerable<OutputColumn> TopOutputs(IClassificationOptions options, int labels)
    {
        if (options.TopK is not { } top)
            return [];
        int count = Math.Min(top, labels);
        return
        [
            new OutputColumn(options.TopLabelsColumnName, new VectorDataViewType(TextDataViewType.Instance, count)),
            new OutputColumn(options.TopScoresColumnName, new VectorDataViewType(NumberDataViewType.Single, count)),
        ];
    }

    // Equal scores stand in the labels' order.
    private int[] Ranked(float[] scores) => [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take(_top)];

    private static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());
}
