using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The columns that every classifier writes: scores and predicted labels.</summary>
internal static class ClassificationColumns
{
    /// <summary>The columns that a problem has.</summary>
    /// <param name="options">The names of the columns.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="isBinary">Whether the labels are Booleans.</param>
    internal static IReadOnlyList<OutputColumn<float[]>> Of(
        IClassificationOptions options, PerceiverProblemType problem, LabelSet labels, bool isBinary = false)
    {
        if (isBinary)
            return BinaryColumns.Of(options);
        if (options.TopK is not null && problem != PerceiverProblemType.SingleLabel)
            throw new ArgumentException($"The most probable labels are for single labels; this is {problem}.", nameof(options));
        string predictedLabel = options.PredictedLabelColumnName;
        int count = labels.Names.Count;
        switch (problem)
        {
            case PerceiverProblemType.Regression when count == 1:
                var annotation = StageAnnotations.Score("Regression");
                return [OutputColumn<float[]>.Scalar(options.ScoreColumnName, NumberDataViewType.Single, scores => scores[0], annotation)];
            case PerceiverProblemType.Regression:
                return [Scores(labels.ScoreAnnotations("Regression"))];
            case PerceiverProblemType.SingleLabel:
                return
                [
                    Scores(labels.ScoreAnnotations("MulticlassClassification")),
                    OutputColumn<float[]>.Scalar(
                        predictedLabel, labels.KeyType, scores => (uint)Argmax.Of(scores) + 1, labels.KeyAnnotations()),
                    .. TopColumns(options, labels),
                ];
            default:
                var annotations = labels.ScoreAnnotations("MultiOutputClassification");
                return
                [
                    Scores(annotations),
                    OutputColumn<float[]>.Vector(
                        predictedLabel,
                        BooleanDataViewType.Instance,
                        scores => Array.ConvertAll(scores, p => p >= 0.5f),
                        count,
                        annotations),
                ];
        }

        OutputColumn<float[]> Scores(DataViewSchema.Annotations annotations) => OutputColumn<float[]>.Vector(
            options.ScoreColumnName, NumberDataViewType.Single, scores => scores, count, annotations);
    }

    /// <summary>Logits to what the column of scores has.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="config">The model's configuration, which has the unit of a regression's labels.</param>
    /// <param name="isBinary">Whether the labels are Booleans.</param>
    internal static Tensor Scores(Tensor logits, PerceiverProblemType problem, PerceiverConfig config, bool isBinary = false)
    {
        if (isBinary)
            return BinaryColumns.Scores(logits);
        var full = logits.to(ScalarType.Float32);
        return problem switch
        {
            PerceiverProblemType.SingleLabel => full.softmax(-1),
            PerceiverProblemType.MultiLabel => full.sigmoid(),
            _ => LabelScaling.Of(config)?.Restore(full) ?? full,
        };
    }

    private static IEnumerable<OutputColumn<float[]>> TopColumns(IClassificationOptions options, LabelSet labels)
    {
        if (options.TopK is not { } top)
            return [];
        int count = Math.Min(top, labels.Names.Count);
        var names = labels.Names.Select(n => n.AsMemory()).ToArray();
        return
        [
            OutputColumn<float[]>.Vector(
                options.TopLabelsColumnName,
                TextDataViewType.Instance,
                scores => Array.ConvertAll(Ranked(scores, count), i => names[i]),
                count),
            OutputColumn<float[]>.Vector(
                options.TopScoresColumnName,
                NumberDataViewType.Single,
                scores => Array.ConvertAll(Ranked(scores, count), i => scores[i]),
                count),
        ];
    }

    // Equal scores stand in the labels' order.
    private static int[] Ranked(float[] scores, int count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).Take(count)];
}
