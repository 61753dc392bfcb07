using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Samples;
using SemanticSearch;
using Spectre.Console;

string[] bankQueries = ["my card has not come yet", "somebody stole my phone", "why is the money I sent back in my account?"];
var queryOption = new Option<string[]>("--query")
{
    Description = "A query to answer; may be named several times. Without one, examples are answered and, at a terminal, typed queries",
};
var folderOption = new Option<string?>("--folder")
{
    Description = "A folder whose text files (.txt, .md) are searched in place of the 13,083 bank queries",
};
var indexOption = new Option<string?>("--index")
{
    Description = "A file for the vectors of the texts; one of the same model and texts is read in place of computing them again",
};
var fromOption = new Option<string?>("--from") { Description = "The folder of a sentence encoder; the bundled one where none is named" };
var modelOption = new Option<string>("--model") { Description = "Where the model is saved", DefaultValueFactory = _ => "MyModel.mlnet" };
var countOption = new Option<int>("--count") { Description = "How many texts a query gets", DefaultValueFactory = _ => 5 };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Finds the texts whose meaning is the nearest to a query's, beside what TF-IDF finds.")
{
    queryOption, folderOption, indexOption, fromOption, modelOption, countOption, summaryOption,
};
command.SetAction(arguments => Run(
    arguments.GetValue(queryOption) ?? [],
    arguments.GetValue(folderOption),
    arguments.GetValue(indexOption),
    arguments.GetValue(fromOption),
    arguments.GetValue(modelOption)!,
    arguments.GetValue(countOption),
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

int Run(string[] queries, string? folder, string? indexPath, string? from, string modelPath, int count, string? summary)
{
    ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, "--count");
    OutputFiles.Check([], [modelPath, indexPath, summary]);
    SavedModel.CheckWritable(modelPath);
    var mlContext = new MLContext(seed: 1);
    string modelFolder = from ?? Path.GetDirectoryName(PerceiverCheckpoint.Bundled(BundledModels.MiniSentence).Source)!;
    var checkpoint = PerceiverCheckpoint.FromDirectory(modelFolder);
    // [CLS] and [SEP] stand round the bytes of a text.
    string[] texts = folder is null
        ? MyModel.LoadBankQueries(mlContext)
        : FolderTexts.Read(folder, checkpoint.Config.MaxPositionEmbeddings - 2);
    var data = mlContext.Data.LoadFromEnumerable(texts.Select(text => new MyModel.ModelInput { Text = text }));
    var model = MyModel.Train(mlContext, checkpoint, data, modelPath);
    MyModel.MLNetModelPath = Path.GetFullPath(modelPath);

    var (vectors, rowsPerSecond) = Index(model, data, texts, modelFolder, indexPath);
    (model as IDisposable)?.Dispose();
    var search = new Search(texts, vectors, count);
    string[] examples = queries.Length > 0 ? queries : folder is null ? bankQueries : [texts[0]];
    foreach (string query in examples)
        search.Answer(query);
    double milliseconds = search.TimeOf(examples);
    AnsiConsole.WriteLine($"A query takes {milliseconds:f1} ms among {texts.Length:n0} texts.");
    if (queries.Length == 0 && !Console.IsInputRedirected)
        AnswerTyped(search);
    (string, double, string)[] figures = [("query_ms", milliseconds, "ms")];
    Figures.Write(summary, rowsPerSecond is { } rate ? [("index_rows_per_second", rate, "rows/s"), .. figures] : figures);
    NextSteps.Write(
        NextSteps.Run("SemanticSearch", "--folder", "docs", "--query", "how much memory does it need?"), NextSteps.Run("Playground"));
    return 0;
}

// The vectors, and how many a second were computed; null where a file had them.
static (float[][] Vectors, double? RowsPerSecond) Index(
    ITransformer model, IDataView data, string[] texts, string modelFolder, string? path)
{
    byte[] identity = path is null ? [] : IndexFile.IdentityOf(modelFolder, texts);
    if (path is not null && IndexFile.Read(path, identity, texts.Length) is { } kept)
    {
        AnsiConsole.WriteLine($"{texts.Length:n0} vectors were read from {path}.");
        return (kept, null);
    }

    var watch = Stopwatch.StartNew();
    float[][] vectors = [.. model.Transform(data).GetColumn<float[]>("Embedding")];
    double rate = texts.Length / watch.Elapsed.TotalSeconds;
    AnsiConsole.WriteLine($"{texts.Length:n0} texts were indexed, {rate:n0} a second.");
    if (path is not null)
        IndexFile.Write(path, identity, vectors);
    return (vectors, rate);
}

static void AnswerTyped(Search search)
{
    while (true)
    {
        Console.Write("A query, or nothing to end: ");
        string? query = Console.ReadLine();
        if (string.IsNullOrWhiteSpace(query))
            return;
        search.Answer(query);
    }
}
