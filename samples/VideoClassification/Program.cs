using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;
using VideoClassification;

const int DefaultFilms = 4000, FullFilms = 12_000, DefaultEpochs = 8, FullEpochs = 20;
// A file or a pipe is not as narrow as a terminal, and tables are easier to read unbroken.
if (Console.IsOutputRedirected)
    AnsiConsole.Profile.Width = 180;
var folderOption = new Option<string?>("--folder")
{
    Description = "Films of your own, in SPLIT/LABEL/FILM/NUMBER.jpg with the splits train, validation and test; none are made then",
};
var fullOption = new Option<bool>("--full")
{
    Description = $"Trains on {FullFilms} films for {FullEpochs} epochs, not on {DefaultFilms} for {DefaultEpochs}",
};
var filmsOption = new Option<int?>("--films") { Description = "Another number of films to make to learn from" };
var epochsOption = new Option<int?>("--epochs") { Description = "Another number of epochs" };
var runOption = new Option<string?>("--run")
{
    Description = "A run folder: metrics and checkpoints; an unfinished training in it goes on",
};
var predictOption = new Option<string[]>("--predict")
{
    Description = "Folders of films to classify, without training, with the saved model",
    AllowMultipleArgumentsPerToken = true,
};
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => "MyModel.mlnet" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand(
    "Trains a Perceiver to tell what the camera does in films, which are made of photographs, and compares it with LightGbm.")
{
    folderOption, fullOption, filmsOption, epochsOption, runOption, predictOption, modelOption, summaryOption,
};
command.SetAction(arguments =>
{
    string model = arguments.GetValue(modelOption)!;
    if (arguments.GetValue(predictOption) is { Length: > 0 } films)
    {
        Predict(films, model);
        return;
    }

    bool isFull = arguments.GetValue(fullOption);
    var training = PerceiverPresets.ArrayTraining with
    {
        Epochs = arguments.GetValue(epochsOption) ?? (isFull ? FullEpochs : DefaultEpochs),
        LearningRate = 2e-3,
        RunFolder = arguments.GetValue(runOption),
        Precision = PerceiverPrecisions.Fastest(),
    };
    string? summary = arguments.GetValue(summaryOption);
    // Found out before minutes of training, not after.
    SavedModel.CheckWritable(model);
    if (arguments.GetValue(folderOption) is { } folder)
    {
        Train(folder, training, model, summary, isMade: false);
        return;
    }

    string temporary = Directory.CreateTempSubdirectory("perceiver-films-").FullName;
    try
    {
        MakeFilms(arguments.GetValue(filmsOption) ?? (isFull ? FullFilms : DefaultFilms), temporary);
        Train(temporary, training, model, summary, isMade: true);
    }
    finally
    {
        Directory.Delete(temporary, recursive: true);
    }
});
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException
    or FormatException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void MakeFilms(int films, string folder)
{
    int least = CameraMotion.Names.Length;
    if (films < least)
        throw new ArgumentException($"--films is {films}; it takes {least} at least, one for each label.");
    var clock = Stopwatch.StartNew();
    var maker = new FilmMaker(Path.Combine(AppContext.BaseDirectory, "Data", "clothing-64"));
    maker.Make("train", films, seed: 1, folder);
    maker.Make("validation", Math.Max(least, films / 10), seed: 2, folder);
    maker.Make("test", Math.Clamp(films / 5, least, 1600), seed: 3, folder);
    AnsiConsole.WriteLine(
        $"Made films of {FilmMaker.Frames} frames from photographs in {clock.Elapsed.TotalSeconds:f0} s; no photograph is in two splits.");
}

static void Predict(string[] films, string modelPath)
{
    MyModel.MLNetModelPath = Path.GetFullPath(modelPath);
    if (!File.Exists(MyModel.MLNetModelPath))
        throw new FileNotFoundException($"There is no model '{MyModel.MLNetModelPath}'.", MyModel.MLNetModelPath);
    var table = new Table().Title("What the camera does").AddColumns("film", "predicted", "probability");
    foreach (string film in films)
    {
        var found = MyModel.Predict(new MyModel.ModelInput { Film = film });
        table.AddRow(Markup.Escape(film), Markup.Escape(found.PredictedLabel), $"{found.Score.Max():P1}");
    }

    AnsiConsole.Write(table);
    NextSteps.Write(NextSteps.Run("VideoClassification", "--full"));
}

static void Train(string folder, PerceiverTrainingOptions training, string modelPath, string? summary, bool isMade)
{
    var mlContext = new MLContext(seed: 1);
    var data = new DataSet(mlContext, folder);
    AnsiConsole.WriteLine(
        $"{data.Train.Count} films to learn from, {data.Validation.Count} for validation, {data.Test.Count} for testing.");
    var clock = Stopwatch.StartNew();
    var model = MyModel.Train(mlContext, data, training, modelPath);
    using var owned = model as IDisposable;
    double trainSeconds = clock.Elapsed.TotalSeconds;
    var evaluation = MyModel.Evaluate(mlContext, model, data.Rows(data.Test));
    AnsiConsole.WriteLine(
        $"Trained in {trainSeconds:f0} s; {evaluation.RowsPerSecond:f0} films a second scored. "
        + $"The model is {Path.GetFullPath(modelPath)}.");
    AnsiConsole.WriteLine("LightGbm on the same films:");
    var baseline = Baseline.Evaluate(mlContext, data);
    Show(data, evaluation, baseline);
    Figures.Write(
        summary,
        ("test_accuracy", evaluation.Metrics.MicroAccuracy, "fraction"),
        ("baseline_accuracy", baseline.Best, "fraction"),
        ("frame_accuracy", baseline.Frame, "fraction"),
        ("train_seconds", trainSeconds, "s"),
        ("rows_per_second", evaluation.RowsPerSecond, "rows/s"));
    string film = isMade ? KeepExamples(data, evaluation, modelPath) : data.Test[0].Film;
    NextSteps.Write(
        NextSteps.Run("VideoClassification", "--model", modelPath, "--predict", film),
        NextSteps.Run("VideoClassification", "--full"));
}

static void Show(DataSet data, MyModel.Evaluation evaluation, Baseline.Accuracies baseline)
{
    var table = new Table().Title($"Accuracy on {data.Test.Count} test films").AddColumns("", "right");
    table.AddRow("PerceiverArray", $"{evaluation.Metrics.MicroAccuracy:P1}");
    table.AddRow("LightGbm on the pixels of small frames", $"{baseline.Pixels:P1}");
    table.AddRow("LightGbm on differences of small frames", $"{baseline.Differences:P1}");
    table.AddRow("LightGbm on the middle frame alone", $"{baseline.Frame:P1}");
    table.AddEmptyRow();
    var right = data.Test.Zip(evaluation.Predicted, (film, predicted) => (film.Label, IsRight: film.Label == predicted));
    foreach (var label in right.GroupBy(film => film.Label))
        table.AddRow($"PerceiverArray on {Markup.Escape(label.Key)}", $"{label.Average(film => film.IsRight ? 1.0 : 0):P1}");
    AnsiConsole.Write(table);
}

// The films that were made are deleted; the first of each label stays to look at.
static string KeepExamples(DataSet data, MyModel.Evaluation evaluation, string modelPath)
{
    string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!, picture = Path.Combine(folder, "films.png");
    int[] chosen = [.. Enumerable.Range(0, data.Test.Count).GroupBy(i => data.Test[i].Label).Select(label => label.First())];
    FilmSheet.Save(picture, [.. chosen.Select(i => data.Test[i])], [.. chosen.Select(i => evaluation.Predicted[i])]);
    string[] kept = [.. chosen.Select(i => Path.Combine(folder, "films", data.Test[i].Label))];
    for (int i = 0; i < chosen.Length; i++)
    {
        Directory.CreateDirectory(kept[i]);
        foreach (string file in Directory.GetFiles(data.Test[chosen[i]].Film))
            File.Copy(file, Path.Combine(kept[i], Path.GetFileName(file)), overwrite: true);
    }

    AnsiConsole.WriteLine($"A test film of each label is in {Path.Combine(folder, "films")}; they are drawn in {picture}.");
    return kept[0];
}
