using System.CommandLine;
using OnnxSample;
using Samples;
using Spectre.Console;

ExportedHead[] heads = [new FillMaskHead(), new SentenceHead(), new TextHead(), new ImageHead(), new FlowHead(), new MultimodalHead()];
var headOption = new Option<string[]>("--head")
{
    Description = $"A head to export: {string.Join(", ", heads.Select(head => head.Name))}; may be named several times. Without it, all",
};
var outOption = new Option<string>("--out") { Description = "The folder for the files", DefaultValueFactory = _ => "onnx" };
var rowsOption = new Option<int>("--rows")
{
    Description = "At most so many rows of input of each head are compared",
    DefaultValueFactory = _ => 200,
};
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var command = new RootCommand("Exports the bundled models as ONNX, runs them in ONNX Runtime, and compares them with this library.")
{
    headOption, outOption, rowsOption, summaryOption,
};
command.SetAction(arguments => Run(
    arguments.GetValue(headOption) ?? [],
    arguments.GetValue(outOption)!,
    arguments.GetValue(rowsOption),
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

int Run(string[] names, string folder, int rows, string? summary)
{
    ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1, "--rows");
    string? unknown = names.FirstOrDefault(name => heads.All(head => head.Name != name));
    if (unknown is not null)
        throw new ArgumentException($"There is no head '{unknown}'; there are {string.Join(", ", heads.Select(head => head.Name))}.");
    OutputFiles.Check([], [summary]);
    Directory.CreateDirectory(folder);
    var table = new Table().AddColumns(
        "head", "MB", "MB, 8 bits", "largest difference", "time / ours", "8 bits: the same", "8 bits: time / float32");
    var figures = new List<(string, double, string)>();
    foreach (var head in heads.Where(head => names.Length == 0 || names.Contains(head.Name)))
    {
        var found = Comparison.Of(head, folder, rows);
        table.AddRow(
            head.Name,
            $"{found.Megabytes:f1}",
            $"{found.Int8Megabytes:f1}",
            $"{found.MaxDifference:e1}",
            $"{found.OverOurs:f2}",
            $"{found.Int8Agreement:p1} of {found.Answers:n0} {head.Agreement}",
            $"{found.Int8OverFloat32:f2}");
        figures.AddRange(found.Figures());
    }

    AnsiConsole.Write(table);
    AnsiConsole.WriteLine("A difference is a share of 1 + the largest number of its output.");
    AnsiConsole.WriteLine("Times are of single rows, the median of three rounds.");
    AnsiConsole.WriteLine($"The files are in {Path.GetFullPath(folder)}.");
    Figures.Write(summary, [.. figures]);
    NextSteps.Write(NextSteps.Run("Onnx", "--head", "image", "--rows", "1000"), NextSteps.Run("Playground"));
    return 0;
}
