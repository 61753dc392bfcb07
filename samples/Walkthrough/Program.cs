using System.CommandLine;
using System.Diagnostics;
using Samples;
using Walkthrough;

var docsOption = new Option<string?>("--docs") { Description = "A folder for walkthrough.md with its images, and walkthrough.ipynb" };
var outOption = new Option<string>("--out")
{
    Description = "A folder for the images, where no page is written",
    DefaultValueFactory = _ => "walkthrough",
};
var command = new RootCommand("Goes through the five heads of the Perceiver with small models: what goes in, what comes out, with images.")
{
    docsOption, outOption,
};
command.SetAction(arguments => Run(arguments.GetValue(docsOption), arguments.GetValue(outOption)!));
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

static int Run(string? docs, string folder)
{
    Directory.CreateDirectory(docs ?? folder);
    var ml = new MLContext(seed: 1);
    var outputs = new List<CellOutput>();
    foreach (var cell in Tour.Cells)
    {
        var clock = Stopwatch.StartNew();
        outputs.Add(Page.Run(cell, ml));
        Console.WriteLine($"{cell.Title}, {clock.Elapsed.TotalSeconds:f1} s\n{outputs[^1].Text}\n");
    }

    if (docs is not null)
    {
        MarkdownFile.Write(Path.Combine(docs, "walkthrough.md"), outputs);
        NotebookFile.Write(Path.Combine(docs, "walkthrough.ipynb"), outputs);
        Console.WriteLine($"walkthrough.md with its images and walkthrough.ipynb are in {docs}.");
        return Failures(outputs);
    }

    foreach (var image in outputs.SelectMany(o => o.Pictures))
        File.WriteAllBytes(Path.Combine(folder, image.Name + ".png"), image.Png);
    Console.WriteLine($"The images are in {folder}.");
    NextSteps.Write(NextSteps.Run("Playground"), NextSteps.Run("TextClassification"));
    return Failures(outputs);
}

static int Failures(IEnumerable<CellOutput> outputs) => outputs.Any(o => o.Failed) ? 1 : 0;
