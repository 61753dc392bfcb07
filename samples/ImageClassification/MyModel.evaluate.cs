using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace ImageClassification;

public partial class MyModel
{
    private const int LinearIterations = 100;

    /// <summary>ML.NET's metrics of a model on a test set, what it predicts there, and how fast.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="testSet">The test rows.</param>
    internal static Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView testSet)
    {
        // Scored once into memory: evaluators go over their rows several times.
        var clock = Stopwatch.StartNew();
        var scored = mlContext.Data.Cache(model.Transform(testSet), "Label", "LabelKey", "Score", "PredictedLabel", "PredictedText");
        string[] predicted = scored.GetColumn<string>("PredictedText").ToArray();
        double seconds = clock.Elapsed.TotalSeconds;
        var metrics = mlContext.MulticlassClassification.Evaluate(scored, labelColumnName: "LabelKey");
        string[] actual = scored.GetColumn<string>("Label").ToArray();
        return new Evaluation(metrics, actual, predicted, predicted.Length / seconds);
    }

    /// <summary>What ML.NET's own trainers reach with the pixels on the same splits.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="data">The images.</param>
    internal static IEnumerable<(string Name, MulticlassClassificationMetrics Metrics)> EvaluateBaselines(MLContext mlContext, DataSet data)
    {
        var trainers = mlContext.MulticlassClassification.Trainers;
        // One thread, so that it gives the same each time. On few rows of many pixels its own number of iterations takes hours.
        var linear = new SdcaMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = "LabelKey",
            NumberOfThreads = 1,
            MaximumNumberOfIterations = LinearIterations,
        };
        (string, IEstimator<ITransformer>)[] baselines =
        [
            ("SdcaMaximumEntropy", trainers.SdcaMaximumEntropy(linear)),
            ("LightGbm", trainers.LightGbm("LabelKey", "Features")),
        ];
        var preparation = Preparation(mlContext, data).Append(data.ExtractPixels(mlContext)).Fit(data.Train);
        var train = mlContext.Data.Cache(preparation.Transform(data.Train), "LabelKey", "Features");
        var test = mlContext.Data.Cache(preparation.Transform(data.Test), "LabelKey", "Features");
        foreach (var (name, trainer) in baselines)
        {
            var scored = trainer.Fit(train).Transform(test);
            yield return (name, mlContext.MulticlassClassification.Evaluate(scored, labelColumnName: "LabelKey"));
        }
    }

    /// <summary>What <see cref="Evaluate"/> finds.</summary>
    /// <param name="Metrics">ML.NET's metrics of the test set.</param>
    /// <param name="Actual">The right label of each row.</param>
    /// <param name="Predicted">What was predicted.</param>
    /// <param name="ImagesPerSecond">Rows scored a second, with the reading of their files.</param>
    internal sealed record Evaluation(
        MulticlassClassificationMetrics Metrics, IReadOnlyList<string> Actual, IReadOnlyList<string> Predicted, double ImagesPerSecond);
}
