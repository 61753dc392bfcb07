using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;

namespace VideoAutoencoder;

/// <summary>Trains perceiver-mini-video.</summary>
internal static class Trainer
{
    /// <summary>Trains a model on the film without the held-out windows, and writes it as a checkpoint.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="film">The bundled film.</param>
    /// <param name="run">The run folder; an unfinished training in it goes on.</param>
    /// <param name="epochs">Another number of epochs than the recipe's.</param>
    /// <param name="folder">Where the checkpoint goes.</param>
    public static void Run(MLContext mlContext, Film film, string run, int? epochs, string folder)
    {
        var rows = mlContext.Data.LoadFromEnumerable(Parts.Training(film));
        var keys = mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(VideoRow.Shot)).Fit(rows);
        var options = Recipe.Training with { RunFolder = run, Epochs = epochs ?? Recipe.Training.Epochs };
        var validation = keys.Transform(mlContext.Data.LoadFromEnumerable(Parts.Validation(film)));
        PerceiverMultimodalOptions ModelOptions(PerceiverTrainingOptions training) => new()
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Recipe.Config, seed: 1, PerceiverInitialization.LocalVideo),
            LabelColumnName = "Label",
            Training = training,
            Autoencoding = Recipe.Autoencoding,
            ValidationSet = validation,
        };
        using var transformer = TrainingConsole.Run(
            "film",
            options,
            training => mlContext.Transforms.PerceiverMultimodal(ModelOptions(training)).Fit(keys.Transform(rows)));
        MetricsPlot.Save(run, "VideoPsnr", loss: "weighted errors of pixels, samples and label", unit: "dB");
        transformer.SavePretrained(folder, PerceiverPrecision.Float16);
        var result = transformer.TrainingResult!;
        string end = $"{result.StopReason} after {result.Duration.TotalMinutes:f0} minutes";
        AnsiConsole.WriteLine($"{end}; the weights of step {result.BestStep} are in {folder}");
    }
}
