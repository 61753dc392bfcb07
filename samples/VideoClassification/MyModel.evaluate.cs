using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoClassification;

public partial class MyModel
{
    /// <summary>ML.NET's metrics of a model on films, what it predicts, and how fast.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="films">The films as rows.</param>
    internal static Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView films)
    {
        var clock = Stopwatch.StartNew();
        // Scored once into memory: evaluators go over their rows several times.
        var scored = mlContext.Data.Cache(model.Transform(films), "LabelKey", "Score", "PredictedLabel", "PredictedText");
        string[] predicted = [.. scored.GetColumn<string>("PredictedText")];
        double seconds = clock.Elapsed.TotalSeconds;
        var metrics = mlContext.MulticlassClassification.Evaluate(scored, labelColumnName: "LabelKey");
        return new Evaluation(metrics, predicted, predicted.Length / seconds);
    }

    /// <summary>What <see cref="Evaluate"/> finds.</summary>
    /// <param name="Metrics">ML.NET's metrics.</param>
    /// <param name="Predicted">The label that is predicted of each film.</param>
    /// <param name="RowsPerSecond">Films scored a second, with the reading of their files.</param>
    internal sealed record Evaluation(
        MulticlassClassificationMetrics Metrics, IReadOnlyList<string> Predicted, double RowsPerSecond);
}
