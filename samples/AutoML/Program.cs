using System.CommandLine;
using System.Diagnostics;
using AutoML;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;
using TextClassification;

var dataOption = new Option<string>("--data")
{
    Description = "sms-spam, banking77 or movie-review-polarity",
    DefaultValueFactory = _ => "sms-spam",
};
var trialsOption = new Option<int>("--trials") { Description = "The most trials", DefaultValueFactory = _ => 10 };
var epochsOption = new Option<int>("--epochs") { Description = "The most epochs of a trial, from 4 to 30", DefaultValueFactory = _ => 8 };
var secondsOption = new Option<int>("--seconds")
{
    Description = "The time for all trials; the one that trains when it is up ends with its best weights",
    DefaultValueFactory = _ => 210,
};
var seedOption = new Option<int>("--seed") { Description = "Seed of what is tried", DefaultValueFactory = _ => 1 };
var modelOption = new Option<string>("--model")
{
    Description = "Where the best model is saved",
    DefaultValueFactory = _ => "MyModel.mlnet",
};
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
foreach (var count in new[] { trialsOption, epochsOption, secondsOption })
{
    count.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !(int.TryParse(token.Value, out int value) && value > 0))
            result.AddError($"{count.Name} must be a positive number, not '{token.Value}'.");
    });
}

var command = new RootCommand(
    "Searches for the settings of a good text classifier: random trials, the hopeless ones of which end early. "
    + "Ctrl+C ends it with the best so far.")
{
    dataOption, trialsOption, epochsOption, secondsOption, seedOption, modelOption, summaryOption,
};
command.SetAction(arguments => Run(
    DataSet.Find(arguments.GetValue(dataOption)!),
    new SearchLimits(arguments.GetValue(trialsOption), TimeSpan.FromSeconds(arguments.GetValue(secondsOption))),
    arguments.GetValue(epochsOption),
    arguments.GetValue(seedOption),
    arguments.GetValue(modelOption)!,
    arguments.GetValue(summaryOption)));
try
{
    // The search ends by itself when it is cancelled, however long its last evaluation takes.
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return command.Parse(args).Invoke(invocation);
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Run(DataSet data, SearchLimits limits, int epochs, int seed, string modelPath, string? summary)
{
    // Found out before minutes of training, not after.
    SavedModel.CheckWritable(modelPath);
    var space = new RandomSearch<PerceiverTextSearchOptions>(seed);
    space[nameof(PerceiverTextSearchOptions.Epochs)].Limit(epochs);
    // A medium model takes the time of ten others, and these data sets are small.
    space[nameof(PerceiverTextSearchOptions.Size)].Only(PerceiverModelSize.Tiny, PerceiverModelSize.Small);
    var mlContext = new MLContext(seed: 1);
    var (trainSet, testSet) = data.Load(mlContext);
    string varied = string.Join(", ", space.Dimensions.Select(d => d.Name));
    AnsiConsole.WriteLine($"{data.Name}: up to {limits.Trials} trials in {limits.Duration.TotalSeconds:f0} seconds. Varied: {varied}.");

    var clock = Stopwatch.StartNew();
    var (search, best) = SearchConsole.Run(changed => new Search(mlContext, trainSet, space, limits, changed));
    double seconds = clock.Elapsed.TotalSeconds;
    using (best)
        SavedModel.Save(mlContext, best.Model!, trainSet, modelPath);

    // The file is what counts, so that is what is evaluated.
    var loaded = mlContext.Model.LoadPerceiver(modelPath, out _);
    var metrics = mlContext.MulticlassClassification.Evaluate(loaded.Transform(testSet), "LabelKey");
    (loaded as IDisposable)?.Dispose();
    AnsiConsole.WriteLine(
        $"The best is trial {best.Trial!.Number} of {search.Trials.Count}, after {seconds:f0} s: "
        + $"accuracy on the test rows {metrics.MicroAccuracy:P2}, log-loss {metrics.LogLoss:f4}.");
    AnsiConsole.WriteLine($"Saved to {Path.GetFullPath(modelPath)}. Its settings:");
    // Not broken into lines, so that it can be copied.
    Console.WriteLine(best.Trial.Settings);
    Figures.Write(
        summary,
        ("best_accuracy", metrics.MicroAccuracy, "fraction"),
        ("trials", search.Trials.Count, "trials"),
        ("seconds", seconds, "s"));
    NextSteps.Write(
        NextSteps.Run("WebApi", "--model", modelPath),
        NextSteps.Run("AutoML", "--data", "movie-review-polarity", "--seconds", "1200"));
    return 0;
}
