using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Samples;
using Spectre.Console;
using TextClassification;

var dataOption = new Option<string>("--data")
{
    Description = "sms-spam, banking77 or movie-review-polarity",
    DefaultValueFactory = _ => "sms-spam",
};
var fromOption = new Option<string>("--from")
{
    Description = "sentence starts from the bundled sentence encoder, as the trainer does by itself, mini from the bundled language model, "
        + "scratch from random weights",
    DefaultValueFactory = _ => "sentence",
};
var seedOption = new Option<int>("--seed")
{
    Description = "The seed of the training and of what chooses --rows-per-class",
    DefaultValueFactory = _ => 1,
};
var rowsPerClassOption = new Option<int?>("--rows-per-class") { Description = "Trains on so many rows of each label only" };
var epochsOption = new Option<int?>("--epochs")
{
    Description = "Another number of epochs for the labels; there is then no training on masks first, unless --mask-epochs says so. "
        + "So one number compares --from scratch and --from mini",
};
var maskEpochsOption = new Option<int?>("--mask-epochs")
{
    Description = "Another number of epochs for the masks that banking77 from scratch learns before the labels; 0 leaves them out",
};
var runOption = new Option<string?>("--run")
{
    Description = "A run folder: metrics, plots and checkpoints; an unfinished training in it goes on",
};
var predictOption = new Option<string?>("--predict")
{
    Description = "A file whose lines are predicted; - reads standard input. Without it, a few examples are.",
};
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => "MyModel.mlnet" };
var exportOption = new Option<string?>("--export")
{
    Description = "A folder for the trained Perceiver in float16, as Hugging Face's library reads it",
};
var attentionOption = new Option<string?>("--attention")
{
    Description = "A file for a page of HTML: the predicted texts, each letter on the colour of what the model looks at",
};
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Trains a Perceiver to classify texts, evaluates it, saves it, and predicts with the saved model.")
{
    dataOption, fromOption, epochsOption, maskEpochsOption, seedOption, rowsPerClassOption, runOption, predictOption, modelOption,
    exportOption, attentionOption, summaryOption,
};
command.SetAction(arguments => Run(
    DataSet.Find(arguments.GetValue(dataOption)!),
    arguments.GetValue(fromOption)!,
    arguments.GetValue(epochsOption),
    arguments.GetValue(maskEpochsOption),
    arguments.GetValue(seedOption),
    arguments.GetValue(rowsPerClassOption),
    arguments.GetValue(runOption),
    arguments.GetValue(predictOption),
    arguments.GetValue(modelOption)!,
    arguments.GetValue(exportOption),
    arguments.GetValue(attentionOption),
    arguments.GetValue(summaryOption)));
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Run(
    DataSet data,
    string from,
    int? epochs,
    int? maskEpochs,
    int seed,
    int? rowsPerClass,
    string? run,
    string? predict,
    string modelPath,
    string? export,
    string? attention,
    string? summary)
{
    var start = data.From(from).WithEpochs(epochs, maskEpochs).InFolder(run);
    // Found out before minutes of training, not after.
    string[] lines = predict == "-" ? [] : File.ReadAllLines(predict ?? data.Examples);
    SavedModel.CheckWritable(modelPath);
    if (attention is not null)
        SavedModel.CheckWritable(attention);
    var mlContext = new MLContext(seed);
    var (trainSet, testSet) = data.Load(mlContext);
    if (rowsPerClass is { } few)
        trainSet = DataSet.Few(mlContext, trainSet, few, seed);
    var misspelled = Typos.Of(mlContext, testSet);
    AnsiConsole.MarkupLine($"[bold]{data.Name}[/], from {from}: {Count(trainSet)} training rows, {Count(testSet)} test rows");

    var clock = Stopwatch.StartNew();
    var model = MyModel.Train(mlContext, start, trainSet, modelPath);
    if (start.Pretraining?.RunFolder is { } masks)
        MetricsPlot.Save(masks, "MaskedAccuracy");
    if (start.Training.RunFolder is { } labels)
        MetricsPlot.Save(labels, "Accuracy");
    if (export is not null)
        MyModel.Export(model, export);
    double trainSeconds = clock.Elapsed.TotalSeconds;
    var evaluation = MyModel.Evaluate(mlContext, model, trainSet, testSet);
    var ofMisspelled = MyModel.Evaluate(mlContext, model, trainSet, misspelled);
    var baselines = MyModel.EvaluateBaseline(mlContext, trainSet, testSet, misspelled);
    (model as IDisposable)?.Dispose();

    MyModel.MLNetModelPath = Path.GetFullPath(modelPath);
    ClassificationTables.Confusion(evaluation.Metrics.ConfusionMatrix, MyModel.GetLabels().ToArray());
    ClassificationTables.Metrics(evaluation.Metrics, ("FeaturizeText + SdcaMaximumEntropy", baselines[0]));
    AnsiConsole.WriteLine(
        $"{evaluation.UnseenRows} of the test rows have a text that is not among the training rows too; "
        + $"accuracy on those {evaluation.UnseenAccuracy:P2}.");
    AnsiConsole.WriteLine(
        $"With typing errors in {Typos.Share:P0} of the letters: {ofMisspelled.Metrics.MicroAccuracy:P2}; "
        + $"FeaturizeText + SdcaMaximumEntropy: {baselines[1].MicroAccuracy:P2}.");
    AnsiConsole.WriteLine(
        $"Trained in {trainSeconds:f0} s; {evaluation.RowsPerSecond:f0} rows a second scored; saved to {MyModel.MLNetModelPath}.");
    string[] predicted = [.. (predict == "-" ? ReadStandardInput() : lines).Where(l => l.Length > 0)];
    ShowPredictions(predicted);
    if (attention is not null)
    {
        Attention.Save(attention, MyModel.MLNetModelPath, predicted);
        AnsiConsole.WriteLine($"What the model looks at in these texts is in {Path.GetFullPath(attention)}.");
    }

    Figures.Write(
        summary,
        ("test_accuracy", evaluation.Metrics.MicroAccuracy, "fraction"),
        ("baseline_accuracy", baselines[0].MicroAccuracy, "fraction"),
        ("test_accuracy_typos", ofMisspelled.Metrics.MicroAccuracy, "fraction"),
        ("baseline_accuracy_typos", baselines[1].MicroAccuracy, "fraction"),
        ("train_seconds", trainSeconds, "s"),
        ("rows_per_second", evaluation.RowsPerSecond, "rows/s"),
        ("test_accuracy_unseen_texts", evaluation.UnseenAccuracy, "fraction"));
    NextSteps.Write(NextSteps.Run("WebApi", "--model", modelPath), NextSteps.Run("Playground", "--text-model", modelPath));
    return 0;
}

static long Count(IDataView data) => data.GetRowCount() ?? data.GetColumn<string>("Text").LongCount();

static void ShowPredictions(IEnumerable<string> lines)
{
    var table = new Table().Title("Predictions of the saved model").AddColumns("text", "label", "probability");
    foreach (string line in lines)
    {
        var best = MyModel.PredictAllLabels(new MyModel.ModelInput { Text = line }).First();
        table.AddRow(Markup.Escape(line), Markup.Escape(best.Key), $"{best.Value:P1}");
    }

    AnsiConsole.Write(table);
}

static IEnumerable<string> ReadStandardInput()
{
    while (Console.ReadLine() is { } line)
        yield return line;
}
