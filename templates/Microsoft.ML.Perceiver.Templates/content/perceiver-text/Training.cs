using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace PerceiverText._1;

/// <summary>Trains the model.</summary>
public static class Training
{
    private static readonly string DataFile = Path.Combine(AppContext.BaseDirectory, "Data", "messages.tsv");

    // A small language model learns the labels: it needs fewer texts than a model that starts from random weights.
    private static readonly PerceiverTrainingOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 16,
        LearningRate = 5e-4,
        WeightDecay = 0.05,
        TokenDropout = 0.1,
        WeightAverageDecay = 0.99,
        // A few validation texts tell epochs better apart by their probabilities than by counts.
        MonitorMetric = "LogLoss",
        Progress = ShowProgress,
    };

    /// <summary>Trains on four fifths of the texts, evaluates with the others, and saves the model.</summary>
    public static void Run(string modelFile)
    {
        var mlContext = new MLContext(seed: 1);
        var messages = mlContext.Data.LoadFromTextFile<Message>(DataFile);
        var split = mlContext.Data.TrainTestSplit(messages, testFraction: 0.2);

        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverText(
                "Label", "Text", checkpoint: PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage), training: Options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
        using var model = pipeline.Fit(split.TrainSet);

        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"Accuracy on the test texts: {metrics.MicroAccuracy:P1}");
        mlContext.Model.Save(model, messages.Schema, modelFile);
        Console.WriteLine($"The model is saved as {Path.GetFullPath(modelFile)}.");
    }

    private static void ShowProgress(PerceiverTrainingProgress now)
    {
        if (now.ValidationMetrics is not { } metrics)
            return;
        string epoch = $"Epoch {now.Epoch} of {now.Epochs}";
        Console.WriteLine($"{epoch}: validation accuracy {metrics["Accuracy"]:P1}, {now.Elapsed.TotalSeconds:f0} s");
    }
}
