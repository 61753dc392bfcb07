using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace PerceiverImage._1;

/// <summary>Trains the model.</summary>
public static class Training
{
    // A small model that knows photographs of clothes learns the labels: it needs fewer images than one that starts from random weights.
    private static readonly PerceiverTrainingOptions Options = new()
    {
        Epochs = 10,
        BatchSize = 8,
        LearningRate = 5e-4,
        WeightAverageDecay = 0.9,
        // A few validation images tell epochs better apart by their probabilities than by counts.
        MonitorMetric = "LogLoss",
        Progress = ShowProgress,
    };

    /// <summary>Trains on the images of Data/train, evaluates with those of Data/test, and saves the model.</summary>
    public static void Run(string modelFile)
    {
        var mlContext = new MLContext(seed: 1);
        var train = mlContext.Data.LoadFromEnumerable(ImageFolder.Read("train"));
        var test = mlContext.Data.LoadFromEnumerable(ImageFolder.Read("test"));

        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(mlContext.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path"))
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverImage(
                "LabelKey",
                checkpoint: PerceiverCheckpoint.Bundled(BundledModels.MiniClothing),
                training: Options,
                augmentation: new PerceiverImageAugmentation { HorizontalFlip = true, MaxShift = 0.08 }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"));
        using var model = pipeline.Fit(train);

        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test), labelColumnName: "LabelKey");
        Console.WriteLine($"Accuracy on the test images: {metrics.MicroAccuracy:P1}");
        mlContext.Model.Save(model, train.Schema, modelFile);
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
