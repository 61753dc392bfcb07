using System.CommandLine;
using System.Diagnostics;
using ImageClassification;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Samples;
using Spectre.Console;

const string DefaultModel = "MyModel.mlnet";
// A file or a pipe is not as narrow as a terminal, and tables are easier to read unbroken.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 180;
var dataOption = new Option<string>("--data") { Description = "clothing or fashion-mnist", DefaultValueFactory = _ => "clothing" };
var folderOption = new Option<string?>("--folder")
{
    Description = $"Where the data's files are; {FashionMnist.DefaultFolder} for fashion-mnist, the bundled images for clothing",
};
var fullOption = new Option<bool>("--full")
{
    Description = $"Trains clothing from random weights, as {BundledModels.MiniClothing} was trained, and ML.NET's own trainers on all "
        + "pixels: half an hour on two cores. Without it that model goes on for some epochs, and they get smaller images; "
        + "fashion-mnist has one recipe only",
};
var epochsOption = new Option<int?>("--epochs") { Description = "Another number of epochs than the recipe's" };
var runOption = new Option<string?>("--run")
{
    Description = "A run folder: metrics, plots and checkpoints; an unfinished training in it goes on",
};
var predictOption = new Option<string[]>("--predict")
{
    Description = "Images to predict, without training: with the saved model, "
        + $"or with {BundledModels.MiniClothing} where there is none",
    AllowMultipleArgumentsPerToken = true,
};
var topOption = new Option<int>("--top") { Description = "How many labels are shown of an image", DefaultValueFactory = _ => 3 };
var modelOption = new Option<string?>("--model") { Description = $"Where the model is saved; {DefaultModel} where nothing is given" };
var exportOption = new Option<string?>("--export")
{
    Description = "A folder for the trained Perceiver in float16, as Hugging Face's library reads it",
};
var attentionOption = new Option<string?>("--attention")
{
    Description = "A PNG file with the images of --predict and what the model looks at in each, as a heat map",
};
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Trains a Perceiver to classify images, evaluates it, saves it, and predicts with the saved model.")
{
    dataOption, folderOption, fullOption, epochsOption, runOption, predictOption, topOption, modelOption, exportOption,
    attentionOption, summaryOption,
};
command.SetAction(arguments =>
{
    string? model = arguments.GetValue(modelOption);
    int top = arguments.GetValue(topOption);
    if (arguments.GetValue(predictOption) is { Length: > 0 } images)
    {
        Predict(images, model, top, arguments.GetValue(attentionOption));
        return;
    }

    if (arguments.GetValue(attentionOption) is not null)
        throw new ArgumentException("--attention is for the images of --predict; name some.");

    Train(
        arguments.GetValue(dataOption)!,
        arguments.GetValue(folderOption),
        arguments.GetValue(fullOption),
        arguments.GetValue(epochsOption),
        arguments.GetValue(runOption),
        model ?? DefaultModel,
        arguments.GetValue(exportOption),
        top,
        arguments.GetValue(summaryOption));
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Predict(string[] images, string? modelPath, int top, string? attention)
{
    string path = Path.GetFullPath(modelPath ?? DefaultModel);
    if (modelPath is not null && !File.Exists(path))
        throw new FileNotFoundException($"There is no model '{path}'.", path);
    MyModel.MLNetModelPath = File.Exists(path) ? path : null;
    if (images.FirstOrDefault(p => !File.Exists(p)) is { } missing)
        throw new FileNotFoundException($"There is no image '{missing}'.", missing);
    string model = MyModel.MLNetModelPath is null ? BundledModels.MiniClothing : Path.GetFileName(path);
    static IEnumerable<KeyValuePair<string, float>> LabelsOf(string image) =>
        MyModel.PredictAllLabels(new MyModel.ModelInput { ImageSource = Path.GetFullPath(image) });
    Examples.Show($"Predictions of {model}", images.Select(p => (p, LabelsOf(p))), top);
    if (attention is not null)
    {
        Attention.Save(
            attention,
            MyModel.MLNetModelPath is { } file
                ? PerceiverCheckpoint.FromModelFile(file)
                : PerceiverCheckpoint.Bundled(BundledModels.MiniClothing),
            images);
        AnsiConsole.WriteLine($"What the model looks at in these images is in {Path.GetFullPath(attention)}.");
    }

    NextSteps.Write(NextSteps.Run("ImageClassification", "--folder", "FOLDER_WITH_TRAIN_VALIDATION_TEST"));
}

static void Train(
    string name, string? folder, bool full, int? epochs, string? run, string modelPath, string? export, int top, string? summary)
{
    // Found out before minutes of training, not after.
    SavedModel.CheckWritable(modelPath);
    var mlContext = new MLContext(seed: 1);
    var data = DataSet.Find(name, folder, full, mlContext);
    var recipe = data.Recipe.With(epochs, run);
    string rows = $"{Count(data.Train)} images to learn from, {Count(data.Validation)} for validation, {Count(data.Test)} for testing";
    string start = recipe.From ?? "random weights";
    AnsiConsole.MarkupLineInterpolated($"[bold]{name}[/]: {rows}; the training starts from {start}");

    var clock = Stopwatch.StartNew();
    using var model = MyModel.Train(mlContext, data, recipe, modelPath);
    double trainSeconds = clock.Elapsed.TotalSeconds;
    string plots = run ?? Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
    if (run is not null)
        MetricsPlot.Save(run, "Accuracy");
    if (export is not null)
        model.Perceiver.SavePretrained(export, PerceiverPrecision.Float16);

    var evaluation = MyModel.Evaluate(mlContext, model.Pipeline, data.Test);
    ClassificationTables.Confusion(evaluation.Metrics.ConfusionMatrix, model.Perceiver.Labels);
    ConfusionPlot.Save(Path.Combine(plots, "confusion.png"), evaluation.Metrics.ConfusionMatrix, model.Perceiver.Labels);
    PictureSheet.Save(Path.Combine(plots, "predictions.png"), data, evaluation.Actual, evaluation.Predicted);
    AnsiConsole.WriteLine(
        $"{model.Parameters:n0} parameters, trained in {trainSeconds:f0} s; "
        + $"{evaluation.ImagesPerSecond:f0} images a second scored, with the reading of their files.");
    AnsiConsole.WriteLine($"The model is {Path.GetFullPath(modelPath)}; confusion.png and predictions.png are in {plots}.");
    Examples.Show("Predictions of the saved model for test images", Examples.Predict(modelPath, data), top);

    AnsiConsole.WriteLine($"ML.NET's own trainers on {data.PixelsOfBaselines}; this takes its time too.");
    var baselines = new List<(string Name, MulticlassClassificationMetrics Metrics)>();
    foreach (var baseline in MyModel.EvaluateBaselines(mlContext, data))
    {
        baselines.Add(baseline);
        AnsiConsole.WriteLine($"{baseline.Name}: {baseline.Metrics.MicroAccuracy:P2}");
    }

    ClassificationTables.Metrics(evaluation.Metrics, [.. baselines]);
    Figures.Write(
        summary,
        ("test_accuracy", evaluation.Metrics.MicroAccuracy, "fraction"),
        ("baseline_accuracy", baselines.Max(b => b.Metrics.MicroAccuracy), "fraction"),
        ("parameters", model.Parameters, "count"),
        ("train_seconds", trainSeconds, "s"),
        ("images_per_second", evaluation.ImagesPerSecond, "images/s"));
    NextSteps.Write(
        NextSteps.Run("ImageClassification", "--model", modelPath, "--predict", "PHOTO.jpg"),
        NextSteps.Run("ImageClassification", "--full"));
}

static long Count(IDataView data) => data.GetRowCount() ?? data.GetColumn<string>("Label").LongCount();
