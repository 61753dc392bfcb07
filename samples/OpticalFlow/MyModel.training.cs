using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;

namespace OpticalFlow;

public partial class MyModel
{
    /// <summary>Trains a model on generated frames alone, and writes it as a checkpoint.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="run">The run folder; an unfinished training in it goes on.</param>
    /// <param name="rows">Another number of examples than the recipe's.</param>
    /// <param name="outputModelPath">The folder that the checkpoint goes to.</param>
    internal static void Train(MLContext mlContext, string run, int? rows, string outputModelPath)
    {
        MLImage[] photographs = FramePictures.Photographs();
        var train = mlContext.Data.GenerateOpticalFlow(photographs, rows ?? Recipe.Rows, Recipe.Frames);
        var validation = mlContext.Data.GenerateOpticalFlow(photographs, Recipe.ValidationRows, Recipe.Frames, Recipe.FirstValidationRow);
        using var model = TrainingConsole.Run(
            "motions",
            Recipe.Training with { RunFolder = run },
            training => RetrainModel(mlContext, training, train, validation));
        MetricsPlot.Save(run, "EPE", loss: "end-point error [pixels]", unit: "pixels");
        SaveModel(model, outputModelPath);
        var result = model.TrainingResult!;
        string end = $"{result.StopReason} after {result.Duration.TotalMinutes:f0} minutes";
        AnsiConsole.WriteLine($"{end}; the weights of step {result.BestStep} are in {outputModelPath}");
    }

    /// <summary>Saves a model as a checkpoint, in float16.</summary>
    /// <param name="model">The model.</param>
    /// <param name="modelSavePath">The folder.</param>
    public static void SaveModel(PerceiverOpticalFlowTransformer model, string modelSavePath) =>
        model.SavePretrained(modelSavePath, PerceiverPrecision.Float16, Recipe.Flow);

    /// <summary>Trains the Perceiver from random weights.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="training">How to train.</param>
    /// <param name="trainSet">Pairs of frames with their flow.</param>
    /// <param name="validationSet">Others, which choose the best weights.</param>
    public static PerceiverOpticalFlowTransformer RetrainModel(
        MLContext mlContext, PerceiverTrainingOptions training, IDataView trainSet, IDataView validationSet) =>
        mlContext.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Recipe.Config, seed: 1, PerceiverInitialization.LocalFlow),
            Training = training,
            // Each example is one tile, so that neither sizes nor corrections come into the training.
            Flow = new PerceiverOpticalFlowPredictorOptions(),
            Augmentation = Recipe.Augmentation,
            PixelsPerExample = Recipe.PixelsPerExample,
            ValidationSet = validationSet,
        }).Fit(trainSet);

    /// <summary>The pipeline: files to frames, frames to flow.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="checkpoint">The model's weights.</param>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext, PerceiverCheckpoint checkpoint) =>
        mlContext.Transforms.LoadPerceiverImages("FirstImage", imageFolder: null, "First")
            .Append(mlContext.Transforms.LoadPerceiverImages("SecondImage", imageFolder: null, "Second"))
            .Append(mlContext.Transforms.PerceiverOpticalFlow(checkpoint));
}
