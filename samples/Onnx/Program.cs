using System.CommandLine;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using OnnxSample;
using Samples;
using Spectre.Console;

string[] heads = ["fillmask", "sentence", "text", "image", "flow", "multimodal"];
var headOption = new Option<string[]>("--head")
{
    Description = $"A head: {string.Join(", ", heads)}; may be named several times. All where none is named",
};
var outOption = new Option<string>("--out") { Description = "The folder of the ONNX files", DefaultValueFactory = _ => "onnx" };
var rowsOption = new Option<int>("--rows") { Description = "How many inputs each head gets", DefaultValueFactory = _ => 60 };
var roundsOption = new Option<int>("--rounds") { Description = "How often each form is timed", DefaultValueFactory = _ => 30 };
var pageOption = new Option<string?>("--page") { Description = "A folder for the page that fills masks and classifies photographs" };
var webOption = new Option<string?>("--web") { Description = "The folder of the npm package onnxruntime-web, which the page needs" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Exports the bundled models as ONNX and compares them with this library in ONNX Runtime.")
{
    headOption, outOption, rowsOption, roundsOption, pageOption, webOption, summaryOption,
};
headOption.AcceptOnlyFromAmong(heads);
command.SetAction(arguments => Run(
    arguments.GetValue(headOption) is { Length: > 0 } chosen ? chosen : heads,
    arguments.GetValue(outOption)!,
    arguments.GetValue(rowsOption),
    arguments.GetValue(roundsOption),
    arguments.GetValue(pageOption),
    arguments.GetValue(webOption),
    arguments.GetValue(summaryOption)));
try
{
    return command.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException or OnnxRuntimeException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

int Run(string[] chosen, string folder, int rows, int rounds, string? page, string? web, string? summary)
{
    ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2, "--rows");
    ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1, "--rounds");
    if (web is not null && page is null)
        throw new ArgumentException("--web is for the page; --page names its folder.");
    OutputFiles.Check([], [summary]);
    // The library's native code is loaded before the first tensor is made.
    TorchRuntime.EnsureLoaded();
    var comparisons = new List<Comparison>();
    foreach (string name in chosen)
    {
        using var head = Create(name, rows);
        AnsiConsole.WriteLine($"{name}: {head.Rows.Count} rows; 8-bit integers agree where they give the same {head.Choices}.");
        comparisons.Add(Comparison.Of(head, folder, rounds));
        if (name == "image")
            CompareWithMlNet(head, folder);
    }

    Show(comparisons);
    Figures.Write(summary, [.. comparisons.SelectMany(c => c.Figures)]);
    if (page is not null)
        WritePage(page, web);
    NextSteps.Write(page is null
        ? NextSteps.Run("Onnx", "--head", "image", "--page", "page", "--web", "node_modules/onnxruntime-web")
        : $"python3 -m http.server --directory \"{Path.GetFullPath(page)}\" --bind 127.0.0.1 8000");
    return 0;
}

static Head Create(string name, int rows) => name switch
{
    "fillmask" => TextHeads.FillMask(rows),
    "sentence" => SentenceHead.Create(rows),
    "text" => TextHeads.Messages(rows),
    "image" => ImageHead.Create(rows),
    "flow" => FlowHead.Create(rows),
    _ => VideoHead.Create(rows),
};

static void CompareWithMlNet(Head head, string folder)
{
    string file = Path.Combine(folder, "image.onnx");
    int side = head.Model.Config.ImageSize;
    var pixels = head.Rows.Select(row => row["image"].data<byte>().ToArray());
    float[][] scores = MlNetPipeline.Run(file, new PerceiverImageSize(side, side), pixels);
    using var files = new OnnxFiles([file]);
    int equal = head.Rows.Zip(scores).Count(pair => Best(files.Run(pair.First)["logits"]) == Best(pair.Second));
    AnsiConsole.WriteLine($"ML.NET's ApplyOnnxModel gives the same label for {equal} of {scores.Length} photographs.");
}

static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());

static void WritePage(string page, string? web)
{
    using var language = BundledModel.Load(BundledModels.MiniLanguage);
    using var images = BundledModel.Load(BundledModels.MiniClothing);
    PageFolder.Write(page, language, images, web);
    AnsiConsole.WriteLine($"The page is in {page}; any server of static files shows it.");
    if (web is null)
        AnsiConsole.WriteLine("It lacks onnxruntime-web: npm install onnxruntime-web, then name node_modules/onnxruntime-web by --web.");
}

static void Show(IEnumerable<Comparison> comparisons)
{
    // Narrow enough for 80 columns.
    var table = new Table().AddColumns("head", "differs by", "ms: here", "float32", "int8", "MB: float32", "int8", "agree");
    table.Columns[0].NoWrap();
    foreach (var c in comparisons)
    {
        table.AddRow(
            c.Head,
            $"{c.MaxDifference:e1}",
            $"{c.Ours:f2}",
            $"{c.Float32:f2}",
            $"{c.Int8:f2}",
            $"{c.Float32Bytes / 1e6:f1}",
            $"{c.Int8Bytes / 1e6:f1}",
            $"{c.Agreement:p1}");
    }

    AnsiConsole.Write(table);
}
