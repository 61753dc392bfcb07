using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The columns of a binary classifier, as ML.NET's calibrated binary trainers have them.</summary>
internal static class BinaryColumns
{
    private const string Kind = "BinaryClassification";

    /// <summary>The columns: of a row's score and probability, and the label.</summary>
    internal static IReadOnlyList<OutputColumn<float[]>> Of(IClassificationOptions options)
    {
        if (options.TopK is not null)
            throw new ArgumentException("The most probable labels are for several classes; these are two.", nameof(options));
        return
        [
            OutputColumn<float[]>.Scalar(
                options.ScoreColumnName, NumberDataViewType.Single, values => values[0], StageAnnotations.Score(Kind)),
            OutputColumn<float[]>.Scalar(
                options.ProbabilityColumnName, NumberDataViewType.Single, values => values[1], Annotations("Probability")),
            OutputColumn<float[]>.Scalar(
                options.PredictedLabelColumnName, BooleanDataViewType.Instance, values => values[0] > 0, Annotations("PredictedLabel")),
        ];
    }

    /// <summary>The logarithm of the odds of true, and its probability, float32 [batch, 2].</summary>
    /// <param name="logits">[batch, 2], of false and of true.</param>
    internal static Tensor Scores(Tensor logits)
    {
        var full = logits.to(ScalarType.Float32);
        var score = full.select(1, 1) - full.select(1, 0);
        return stack([score, score.sigmoid()], 1);
    }

    private static DataViewSchema.Annotations Annotations(string value)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        StageAnnotations.AddScoreKind(builder, Kind, value);
        return builder.ToAnnotations();
    }
}
