using System.CommandLine;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Pretrain;
using Pretrain.Distill;
using Pretrain.Teacher;
using Samples;
using Spectre.Console;

var evaluateOption = new Option<bool>("--evaluate") { Description = "Judges a model instead of training one" };
var modelOption = new Option<string?>("--model")
{
    Description = "The folder of the model to judge; the bundled one where none is given. "
        + "With --distill alone: that of the encoder to train further",
};
var fullOption = new Option<bool>("--full")
{
    Description = $"Trains {BundledModels.MiniLanguage} as it was trained: two hours on two cores. "
        + "Without it, a smaller model once through the texts, in three minutes at most",
};
var runOption = new Option<string?>("--run")
{
    Description = "The run folder; an unfinished training in it goes on. Where none is given, runs/ and the model's name",
};
var epochsOption = new Option<int?>("--epochs") { Description = "Another number of epochs than the recipe's" };
var rateOption = new Option<double?>("--rate") { Description = "With --distill: another learning rate than the recipe's" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var distillOption = new Option<bool>("--distill")
{
    Description = "Trains a sentence encoder on the vectors of all-MiniLM-L6-v2 or, with --evaluate, judges one beside it",
};
var teacherOption = new Option<string?>("--teacher")
{
    Description = "The folder that teacher-vectors wrote; where none is given, vectors of some bundled texts are computed first",
};
var rowsOption = new Option<int?>("--rows")
{
    Description = "With --distill --evaluate: at most so many texts of each set, for a quick look",
};
var precisionOption = new Option<PerceiverPrecision>("--precision")
{
    Description = "With --distill --evaluate: what the encoder computes in",
    DefaultValueFactory = _ => PerceiverPrecisions.Fastest(),
};
var command = new RootCommand("Trains a masked language model over bytes and judges it on a novel it has not read.")
{
    evaluateOption, modelOption, fullOption, runOption, epochsOption, summaryOption, distillOption, teacherOption, rowsOption,
    precisionOption, rateOption,
};
command.Subcommands.Add(TeacherCommand.Create());
command.SetAction(arguments =>
{
    string? folder = arguments.GetValue(modelOption);
    if (arguments.GetValue(distillOption))
    {
        if (arguments.GetValue(evaluateOption))
        {
            var judged = folder is null
                ? PerceiverCheckpoint.Bundled(BundledModels.MiniSentence)
                : PerceiverCheckpoint.FromDirectory(folder);
            DistillJudge.Run(
                judged, arguments.GetValue(precisionOption), arguments.GetValue(rowsOption), arguments.GetValue(summaryOption));
            NextSteps.Write(NextSteps.Run("SemanticSearch", folder is null ? [] : ["--from", folder]));
            return;
        }

        DistillRun.Train(
            arguments.GetValue(fullOption) ? DistillRecipe.Full : DistillRecipe.Short,
            arguments.GetValue(teacherOption),
            arguments.GetValue(runOption),
            arguments.GetValue(epochsOption),
            arguments.GetValue(rateOption),
            folder);
        return;
    }

    if (!arguments.GetValue(evaluateOption))
    {
        var recipe = arguments.GetValue(fullOption) ? Recipe.Full : Recipe.Short;
        folder = Train(recipe, arguments.GetValue(runOption), arguments.GetValue(epochsOption));
    }

    var checkpoint = folder is null
        ? PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage)
        : PerceiverCheckpoint.FromDirectory(folder);
    Evaluate(checkpoint, arguments.GetValue(summaryOption));
    string[] start = folder is null ? [] : ["--checkpoint", folder];
    NextSteps.Write(NextSteps.Run("FillMask", [.. start, "It was a dark and st_rmy night."]));
});
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

static string Train(Recipe recipe, string? runFolder, int? epochs)
{
    string run = runFolder ?? Path.Combine("runs", recipe.Name);
    var config = recipe.Config;
    var texts = PerceiverRows.Join(
        PerceiverTextRows.FromFiles(Corpus.TrainingFiles(Path.Combine(run, "texts")), config.MaxPositionEmbeddings),
        Corpus.ShortTexts(config.MaxPositionEmbeddings));
    var options = recipe.Training with { RunFolder = run, Epochs = epochs ?? recipe.Training.Epochs };
    var start = PerceiverCheckpoint.FromConfig(config, options.Seed ?? 1, PerceiverInitialization.LocalText);
    using var model = start.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
    long parameters = model.parameters().Sum(p => p.NumberOfElements);
    AnsiConsole.WriteLine($"{texts.Count} texts, {parameters:n0} parameters; the run folder is {Path.GetFullPath(run)}");
    var validation = Corpus.HeldOut(config.MaxPositionEmbeddings, validation: true);
    var objective = new PerceiverMaskedLanguageObjective(model, texts, validation, options, Recipe.Masking);
    var result = TrainingConsole.Run("masks", options, o => PerceiverTrainer.Run(objective, o));
    MetricsPlot.Save(run, "MaskedAccuracy");
    string folder = Path.Combine(run, recipe.Name);
    model.SavePretrained(folder, PerceiverPrecision.Float16);
    string end = $"{result.StopReason} after {result.Duration.TotalMinutes:f1} minutes";
    AnsiConsole.WriteLine($"{end}; the weights of step {result.BestStep} are in {folder}");
    return folder;
}

static void Evaluate(PerceiverCheckpoint checkpoint, string? summary)
{
    using var model = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
    var ngram = ReadNgrams();
    var texts = Corpus.HeldOut(model.Config.MaxPositionEmbeddings, validation: false);
    var bytes = Judge.Run(model, ngram, texts, Judge.Bytes);
    var words = Judge.Run(model, ngram, texts, Judge.Words);
    var table = new Table()
        .Title("The Adventures of Sherlock Holmes, not trained on")
        .AddColumns("masked", "masked bytes", "Perceiver", "perplexity", "n-gram, 3 + 3 bytes");
    table.AddRow("15% of the bytes", $"{bytes.Masks:n0}", $"{bytes.Accuracy:P1}", $"{bytes.Perplexity:f3}", $"{bytes.NgramAccuracy:P1}");
    table.AddRow("15% of the words", $"{words.Masks:n0}", $"{words.Accuracy:P1}", $"{words.Perplexity:f3}", $"{words.NgramAccuracy:P1}");
    AnsiConsole.Write(table);
    Figures.Write(
        summary,
        ("masked_accuracy", bytes.Accuracy, "fraction"),
        ("ngram_masked_accuracy", bytes.NgramAccuracy, "fraction"),
        ("perplexity", bytes.Perplexity, "per byte"),
        ("whole_word_accuracy", words.Accuracy, "fraction"),
        ("ngram_whole_word_accuracy", words.NgramAccuracy, "fraction"),
        ("whole_word_perplexity", words.Perplexity, "per byte"));
}

static NgramBaseline ReadNgrams()
{
    // The baseline keeps counts, not the texts.
    string folder = Directory.CreateTempSubdirectory("perceiver-pretrain-").FullName;
    try
    {
        return new NgramBaseline(Corpus.TrainingFiles(folder));
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}
