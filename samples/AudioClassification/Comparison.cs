using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;

namespace AudioClassification;

/// <summary>Trains, evaluates beside LightGbm, and saves.</summary>
internal static class Comparison
{
    private const double NoiseDecibels = 20;

    // Prompts of two languages by one speaker, so that her voice does not tell them apart.
    private static readonly string[] s_sameSpeaker = ["en", "es"];

    /// <summary>Does it.</summary>
    /// <param name="prompts">The recordings.</param>
    /// <param name="isFull">Whether to train longer.</param>
    /// <param name="isGenerated">Whether they are generated, so that little training will do.</param>
    /// <param name="modelPath">Where the model is saved.</param>
    /// <returns>The figures.</returns>
    internal static (string, double, string)[] Run(PromptSet prompts, bool isFull, bool isGenerated, string modelPath)
    {
        var mlContext = new MLContext(seed: 1);
        var clock = Stopwatch.StartNew();
        Recording[] whole = Recordings.Load(mlContext, prompts.Train, Recordings.WholeSeconds);
        int longest = (int)(MyModel.Seconds * MyModel.SampleRate);
        Recording[] varied = Recordings.Varied(whole, isFull ? 3 : 1, longest);
        var validation = Rows(Recordings.Load(mlContext, prompts.Validation, MyModel.Seconds));
        var training = PerceiverPresets.ArrayTraining with { Epochs = isGenerated ? 40 : isFull ? 14 : 10 };
        var (model, samplesModel) = TrainingConsole.Run(
            "recordings", training, options => MyModel.Train(mlContext, options, Rows(varied), validation, Files(prompts.Train)));
        double seconds = clock.Elapsed.TotalSeconds;
        SavedModel.Save(mlContext, model, Files(prompts.Train), modelPath);

        clock.Restart();
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(Files(prompts.Test)));
        double rowsPerSecond = prompts.Test.Count / clock.Elapsed.TotalSeconds;
        Recording[] test = Recordings.Load(mlContext, prompts.Test, MyModel.Seconds), noisy = Recordings.Noisy(test, NoiseDecibels);
        double withNoise = AccuracyOf(noisy);
        var (baseline, baselineWithNoise) = BaselineOf();

        var table = new Table().Title($"{prompts.Test.Count:n0} held-out recordings after training on {prompts.Train.Count:n0}")
            .AddColumns("", "right", $"with noise, {NoiseDecibels} dB below");
        table.AddRow("PerceiverArray", $"{metrics.MicroAccuracy:P2}", $"{withNoise:P2}");
        table.AddRow("LightGbm, the best by the test itself", $"{baseline:P2}", $"{baselineWithNoise:P2}");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"Trained in {seconds:f0} s; {rowsPerSecond:f0} rows a second.");
        var figures = new List<(string, double, string)>
        {
            ("test_accuracy", metrics.MicroAccuracy, "fraction"),
            ("baseline_accuracy", baseline, "fraction"),
            ("test_accuracy_with_noise", withNoise, "fraction"),
            ("baseline_accuracy_with_noise", baselineWithNoise, "fraction"),
            ("train_seconds", seconds, "s"),
            ("rows_per_second", rowsPerSecond, "rows/s"),
        };
        Recording[] sameSpeaker = [.. test.Where(row => s_sameSpeaker.Contains(row.Label))];
        if (sameSpeaker.Length > 0)
        {
            double right = AccuracyOf(sameSpeaker);
            AnsiConsole.WriteLine($"Of the {sameSpeaker.Length} English and Spanish ones, all by one speaker, {right:P2} are right.");
            figures.Add(("test_accuracy_same_speaker", right, "fraction"));
        }

        return [.. figures];

        double AccuracyOf(IReadOnlyList<Recording> rows) =>
            mlContext.MulticlassClassification.Evaluate(samplesModel.Transform(Rows(rows))).MicroAccuracy;

        (double Clean, double WithNoise) BaselineOf()
        {
            Recording[] wholeTest = Recordings.Load(mlContext, prompts.Test, Recordings.WholeSeconds);
            var tests = new[] { test, wholeTest }.Select(Frames).ToArray();
            var noisyTests = new[] { noisy, Recordings.Noisy(wholeTest, NoiseDecibels) }.Select(Frames).ToArray();
            var models = Baseline.Train(mlContext, Frames(whole), Frames(varied));
            return (
                models.Max(accuracy => tests.Max(accuracy)),
                models.Max(accuracy => noisyTests.Max(accuracy)));
        }

        Recording[] Frames(IReadOnlyList<Recording> rows)
        {
            var view = Rows(rows);
            var frames = MyModel.BuildFrames(mlContext).Fit(view).Transform(view);
            return [.. mlContext.Data.CreateEnumerable<Recording>(frames, reuseRowObject: false)];
        }

        IDataView Rows(IReadOnlyList<Recording> rows) => mlContext.Data.LoadFromEnumerable(rows);

        IDataView Files(IReadOnlyList<Prompt> files) => mlContext.Data.LoadFromEnumerable(
            files.Select(prompt => new MyModel.ModelInput { Path = prompt.Path, Label = prompt.Label }).ToArray());
    }
}
