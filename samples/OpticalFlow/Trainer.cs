using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;

namespace OpticalFlow;

/// <summary>Trains perceiver-mini-flow.</summary>
internal static class Trainer
{
    /// <summary>Trains a model on generated frames alone, and writes it as a checkpoint.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="run">The run folder; an unfinished training in it goes on.</param>
    /// <param name="rows">Another number of examples than the recipe's.</param>
    /// <param name="folder">Where the checkpoint goes.</param>
    public static void Run(MLContext mlContext, string run, int? rows, string folder)
    {
        MLImage[] photographs = FramePictures.Photographs();
        var train = mlContext.Data.GenerateOpticalFlow(photographs, rows ?? Recipe.Rows, Recipe.Frames);
        var validation = mlContext.Data.GenerateOpticalFlow(photographs, Recipe.ValidationRows, Recipe.Frames, Recipe.FirstValidationRow);
        var options = Recipe.Training with { RunFolder = run };
        using var transformer = TrainingConsole.Run("motions", options, training => mlContext.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Recipe.Config, training.Seed, PerceiverInitialization.LocalFlow),
            Training = training,
            // Each example is one tile, so that neither sizes nor corrections come into the training.
            Flow = new OpticalFlowOptions(),
            Augmentation = Recipe.Augmentation,
            PixelsPerExample = Recipe.PixelsPerExample,
            ValidationSet = validation,
        }).Fit(train));
        MetricsPlot.Save(run, "EPE", loss: "end-point error [pixels]", unit: "pixels");
        transformer.SavePretrained(folder, PerceiverPrecision.Float16, Recipe.Flow);
        var result = transformer.TrainingResult!;
        AnsiConsole.WriteLine($"{result.StopReason} after {result.Duration.TotalMinutes:f0} minutes; the weights of step {result.BestStep} are in {folder}");
    }
}
