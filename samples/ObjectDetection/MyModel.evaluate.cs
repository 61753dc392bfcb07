using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace ObjectDetection;

public partial class MyModel
{
    /// <summary>Average precision of a model on scenes, what it finds there, and how fast.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="scenes">The scenes.</param>
    internal static Evaluation Evaluate(MLContext mlContext, ITransformer model, IReadOnlyList<Scene> scenes)
    {
        var clock = Stopwatch.StartNew();
        // Scored once into memory.
        var scored = mlContext.Data.Cache(
            model.Transform(Wardrobe.Rows(mlContext, scenes)),
            "LabelKey", "BoundingBoxes", "PredictedLabel", "PredictedText", "PredictedBoundingBoxes", "Score");
        int rows = scored.GetColumn<float[]>("Score").Count();
        double seconds = clock.Elapsed.TotalSeconds;
        var metrics = mlContext.MulticlassClassification.EvaluateObjectDetection(scored, labelColumnName: "LabelKey");
        string[][] labels = [.. scored.GetColumn<string[]>("PredictedText")];
        float[][] boxes = [.. scored.GetColumn<float[]>("PredictedBoundingBoxes")];
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        var found = labels.Select((names, i) => new ModelOutput
        {
            PredictedLabel = names,
            PredictedBoundingBoxes = boxes[i],
            Score = scores[i],
        });
        return new Evaluation(metrics, [.. found], rows / seconds);
    }

    /// <summary>What <see cref="Evaluate"/> finds.</summary>
    /// <param name="Metrics">Average precision.</param>
    /// <param name="Found">What was found in each scene.</param>
    /// <param name="RowsPerSecond">Scenes scored a second.</param>
    internal sealed record Evaluation(
        PerceiverObjectDetectionMetrics Metrics, IReadOnlyList<ModelOutput> Found, double RowsPerSecond);
}
