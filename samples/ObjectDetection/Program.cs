using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using ObjectDetection;
using Samples;
using Spectre.Console;

const string DefaultModel = "MyModel.mlnet";
const int BaselineScenes = 100, QuickEpochs = 5;
// A file or a pipe is not as narrow as a terminal, and tables are easier to read unbroken.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 180;
var folderOption = new Option<string?>("--folder") { Description = "Photographs to cut out of, in SPLIT/LABEL/NAME.jpg" };
var fullOption = new Option<bool>("--full")
{
    Description = $"Trains for {PerceiverPresets.DetectionTraining.Epochs} epochs instead of {QuickEpochs}",
};
var epochsOption = new Option<int?>("--epochs") { Description = "Another number of epochs" };
var scenesOption = new Option<int>("--scenes")
{
    Description = "How many scenes there are to learn from",
    DefaultValueFactory = _ => 10_000,
};
var runOption = new Option<string?>("--run")
{
    Description = "A run folder: metrics and checkpoints; an unfinished training in it goes on",
};
var predictOption = new Option<string[]>("--predict")
{
    Description = "Images to look for clothes in, without training, with the saved model",
    AllowMultipleArgumentsPerToken = true,
};
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => DefaultModel };
var exportOption = new Option<string?>("--export") { Description = "A folder for the trained Perceiver in float16" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Trains a Perceiver to find clothes in scenes, evaluates it, saves it, and draws what it finds.")
{
    folderOption, fullOption, epochsOption, scenesOption, runOption, predictOption, modelOption, exportOption, summaryOption,
};
command.SetAction(arguments =>
{
    string model = arguments.GetValue(modelOption)!;
    if (arguments.GetValue(predictOption) is { Length: > 0 } images)
    {
        Predict(images, model);
        return;
    }

    int epochs = arguments.GetValue(epochsOption)
        ?? (arguments.GetValue(fullOption) ? PerceiverPresets.DetectionTraining.Epochs : QuickEpochs);
    var training = PerceiverPresets.DetectionTraining with
    {
        Epochs = epochs,
        RunFolder = arguments.GetValue(runOption),
        Precision = PerceiverPrecisions.Fastest(),
    };
    Train(
        arguments.GetValue(folderOption) ?? Wardrobe.DefaultFolder,
        arguments.GetValue(scenesOption),
        training,
        model,
        arguments.GetValue(exportOption),
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

static void Predict(string[] images, string modelPath)
{
    MyModel.MLNetModelPath = Path.GetFullPath(modelPath);
    if (!File.Exists(MyModel.MLNetModelPath))
        throw new FileNotFoundException($"There is no model '{MyModel.MLNetModelPath}'.", MyModel.MLNetModelPath);
    if (images.FirstOrDefault(p => !File.Exists(p)) is { } missing)
        throw new FileNotFoundException($"There is no image '{missing}'.", missing);
    var table = new Table().Title("Objects").AddColumns("image", "label", "probability", "left, top, right, bottom");
    foreach (string file in images)
    {
        using var image = MLImage.CreateFromFile(file);
        var found = MyModel.Predict(new MyModel.ModelInput { Image = image });
        for (int i = 0; i < found.Score.Length; i++)
        {
            if (found.Score[i] < MyModel.LeastScore)
                continue;
            string box = string.Join(", ", found.PredictedBoundingBoxes.Skip(4 * i).Take(4).Select(edge => $"{edge:f0}"));
            table.AddRow(Markup.Escape(file), Markup.Escape(found.PredictedLabel[i]), $"{found.Score[i]:P1}", box);
        }
    }

    AnsiConsole.Write(table);
    NextSteps.Write(NextSteps.Run("ObjectDetection", "--full"));
}

static void Train(string folder, int scenes, PerceiverTrainingOptions training, string modelPath, string? export, string? summary)
{
    // Found out before minutes of training, not after.
    SavedModel.CheckWritable(modelPath);
    var mlContext = new MLContext(seed: 1);
    var data = Wardrobe.Create(folder, scenes);
    AnsiConsole.WriteLine(
        $"{data.Train.Length} scenes of {data.CutOuts} garments to learn from, {data.Validation.Length} for validation; "
        + $"{data.Test.Length} of {data.UnseenCutOuts} other garments for testing. The training starts from random weights.");
    var clock = Stopwatch.StartNew();
    using var model = MyModel.Train(mlContext, data, training, modelPath);
    double trainSeconds = clock.Elapsed.TotalSeconds;
    if (export is not null)
        model.Perceiver.SavePretrained(export, PerceiverPrecision.Float16);

    var evaluation = MyModel.Evaluate(mlContext, model.Pipeline, data.Test);
    string picture = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(modelPath))!, "detections.png");
    BoxSheet.Save(picture, data.Test, evaluation.Found, model.Perceiver.Labels);
    AnsiConsole.WriteLine(
        $"{model.Parameters:n0} parameters, trained in {trainSeconds:f0} s; {evaluation.RowsPerSecond:f0} scenes a second scored. "
        + $"The model is {Path.GetFullPath(modelPath)}; what it finds is drawn in {picture}.");
    AnsiConsole.WriteLine($"The bundled classifier of clothes on windows of {BaselineScenes} test scenes:");
    var baseline = SlidingWindow.Evaluate(mlContext, data.Test[..BaselineScenes]);
    Show(model.Perceiver.Labels, evaluation.Metrics, baseline);
    Figures.Write(
        summary,
        ("test_map50", evaluation.Metrics.MAP50, "fraction"),
        ("test_map50_95", evaluation.Metrics.MAP50To95, "fraction"),
        ("baseline_map50", baseline.MAP50, "fraction"),
        ("parameters", model.Parameters, "count"),
        ("train_seconds", trainSeconds, "s"),
        ("rows_per_second", evaluation.RowsPerSecond, "rows/s"));
    NextSteps.Write(
        NextSteps.Run("ObjectDetection", "--model", modelPath, "--predict", "PHOTO.jpg"),
        NextSteps.Run("ObjectDetection", "--full"));
}

static void Show(IReadOnlyList<string> labels, PerceiverObjectDetectionMetrics model, PerceiverObjectDetectionMetrics baseline)
{
    var table = new Table().Title("Average precision on test scenes").AddColumns("label", "this model", "windows and classifier");
    for (int i = 0; i < labels.Count; i++)
        table.AddRow($"{Markup.Escape(labels[i])}, overlap 0.5", $"{model.PerLabel[i]:P1}", $"{baseline.PerLabel[i]:P1}");
    table.AddRow("mean, overlap 0.5", $"{model.MAP50:P1}", $"{baseline.MAP50:P1}");
    table.AddRow("mean, overlaps 0.5 to 0.95", $"{model.MAP50To95:P1}", $"{baseline.MAP50To95:P1}");
    AnsiConsole.Write(table);
}
