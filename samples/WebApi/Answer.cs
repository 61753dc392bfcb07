using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using TextClassification;

namespace WebApi;

/// <summary>The response to a request.</summary>
/// <param name="PredictedLabel">The most probable label.</param>
/// <param name="Score">The probability of each label.</param>
internal sealed record Answer(string PredictedLabel, IReadOnlyDictionary<string, float> Score)
{
    // The labels of a model are read once; another model that takes its place has another schema.
    private static readonly ConditionalWeakTable<DataViewSchema, string[]> Labels = new();

    /// <summary>The response for a prediction of a served model.</summary>
    /// <param name="prediction">The prediction.</param>
    public static Answer Of(PerceiverPrediction<MyModel.ModelOutput> prediction) =>
        Of(prediction.Output, Labels.GetValue(prediction.OutputSchema, Samples.SavedModel.Labels));

    /// <summary>The response for a prediction.</summary>
    /// <param name="output">The prediction.</param>
    /// <param name="labels">The labels in the order of its scores.</param>
    public static Answer Of(MyModel.ModelOutput output, IReadOnlyList<string> labels) =>
        new(output.PredictedLabel, labels.Zip(output.Score).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal));

    /// <summary>Whether it says the same as another, but for the rounding of batches of another size.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(Answer? other, float tolerance) =>
        other is not null && other.PredictedLabel == PredictedLabel && other.Score.Count == Score.Count
        && Score.All(s => other.Score.TryGetValue(s.Key, out float score) && Math.Abs(score - s.Value) <= tolerance);
}
