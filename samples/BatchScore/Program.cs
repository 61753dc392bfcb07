using System.CommandLine;
using BatchScore;
using BatchScore.Demo;
using BatchScore.Inputs;
using BatchScore.Outputs;
using BatchScore.Planning;
using BatchScore.Running;
using Parquet;
using Samples;

var modelOption = new Option<string?>("--model")
{
    Description = "A saved model of ML.NET. Without --model and --input, a demonstration runs",
};
var inputOption = new Option<string[]>("--input")
{
    Description = "Files, folders, and patterns with * and **, in quotes; the rows are in this order",
    DefaultValueFactory = _ => [],
    AllowMultipleArgumentsPerToken = true,
};
var formatOption = new Option<string?>("--format")
{
    Description = $"{string.Join(", ", RowFormat.Names)}; without it the files' names tell: .txt, .csv, .tsv, .parquet, .png, .jpg, ...",
};
var delimiterOption = new Option<string?>("--delimiter") { Description = "What separates the fields of csv; a comma, in .tsv files a tab" };
var columnOption = new Option<string[]>("--column")
{
    Description = "COLUMN=FIELD: the model's column is the file's field of that name; COLUMN=FIELD,FIELD,... makes a vector of several",
    DefaultValueFactory = _ => [],
};
var imageColumnOption = new Option<string?>("--image-column")
{
    Description = "The model's column of images, which ML.NET does not save with the others",
};
var outputsOption = new Option<string[]>("--outputs")
{
    Description = "The model's columns to write; without it PredictedLabel, Score and Probability, or where there are none all it adds",
    DefaultValueFactory = _ => [],
    AllowMultipleArgumentsPerToken = true,
};
var outOption = new Option<string?>("--out") { Description = "The folder for the outputs; a run that was interrupted goes on in it" };
var outFormatOption = new Option<string>("--out-format") { Description = "tsv or parquet", DefaultValueFactory = _ => "tsv" };
outFormatOption.AcceptOnlyFromAmong(ShardWriter.Formats);
var rowsPerShardOption = Count("--rows-per-shard", "How many rows an output file has", 10_000);
var processesOption = Count("--processes", "How many processes score", 1);
var threadsOption = new Option<int?>("--threads")
{
    Description = "How many threads each process computes with; without it the processors are divided among the processes",
};
var gpusOption = new Option<int>("--gpus") { Description = "How many GPUs the processes take in turn; 0 computes on the processor" };
var shardOption = new Option<string?>("--shard")
{
    Description = "i/n, with i from 0: this is one of n tasks of a scheduler, and scores every n-th shard",
};
var restartsOption = new Option<int>("--restarts")
{
    Description = "How often a process that was killed is started again",
    DefaultValueFactory = _ => 3,
};
var skipBadOption = new Option<bool>("--skip-bad")
{
    Description = "Rows that cannot be scored are listed in files of their own; without it the first one is an error",
};
var planOnlyOption = new Option<bool>("--plan-only")
{
    Description = "Counts the rows and makes the plan, for tasks that start together later",
};
var rowsOption = Count("--rows", "How many texts the demonstration scores", 240_000);
var killsOption = new Option<int>("--kills") { Description = "How often it kills processes", DefaultValueFactory = _ => 4 };
var tinyOption = new Option<bool>("--tiny") { Description = "Its model is a tiny one in place of the bundled spam filter" };
var summaryOption = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
var gpuOption = new Option<int?>("--gpu") { Description = "The GPU" };

var worker = new Command("worker", "A process of a run, which starts it itself.")
{
    outOption, modelOption, threadsOption, gpuOption, shardOption,
};
worker.Hidden = true;
worker.SetAction(arguments => Worker.Run(
    new OutFolder(arguments.GetRequiredValue(outOption)!),
    new WorkerOptions
    {
        Model = arguments.GetRequiredValue(modelOption)!,
        Threads = arguments.GetValue(threadsOption) ?? 1,
        Part = ShardPart.Parse(arguments.GetValue(shardOption)),
    },
    arguments.GetValue(gpuOption)));
var command = new RootCommand("Scores files with a saved model in several processes, and goes on where it was interrupted.")
{
    modelOption, inputOption, formatOption, delimiterOption, columnOption, imageColumnOption, outputsOption, outOption, outFormatOption,
    rowsPerShardOption, processesOption, threadsOption, gpusOption, shardOption, restartsOption, skipBadOption, planOnlyOption,
    rowsOption, killsOption, tinyOption, summaryOption, worker,
};
command.SetAction(arguments =>
{
    string? summary = arguments.GetValue(summaryOption), model = arguments.GetValue(modelOption);
    string[] inputs = arguments.GetValue(inputOption)!;
    if (model is null && inputs.Length == 0)
        return Demonstration.RunAsync(
            arguments.GetValue(rowsOption), arguments.GetValue(killsOption), arguments.GetValue(tinyOption), summary);
    int processes = arguments.GetValue(processesOption);
    int threads = arguments.GetValue(threadsOption) ?? Math.Max(1, Environment.ProcessorCount / processes);
    var options = new WorkerOptions
    {
        Model = Path.GetFullPath(model ?? throw new ArgumentException("--model names no model.")),
        Processes = processes,
        Threads = threads > 0 ? threads : throw new ArgumentException($"--threads is {threads}; it must be a positive number."),
        Gpus = arguments.GetValue(gpusOption),
        Part = ShardPart.Parse(arguments.GetValue(shardOption)),
        Restarts = arguments.GetValue(restartsOption),
    };
    var folder = new OutFolder(arguments.GetValue(outOption) ?? throw new ArgumentException("--out names no folder."));
    var (files, format) = InputFiles.Find(inputs, arguments.GetValue(formatOption), folder.FullPath);
    var job = new JobOptions
    {
        ModelHash = Planner.Hash(options.Model),
        Format = format,
        Delimiter = DelimiterOf(arguments.GetValue(delimiterOption)),
        Columns = arguments.GetValue(columnOption)!,
        ImageColumn = arguments.GetValue(imageColumnOption),
        Outputs = arguments.GetValue(outputsOption)!,
        OutFormat = arguments.GetValue(outFormatOption)!,
        RowsPerShard = arguments.GetValue(rowsPerShardOption),
        SkipBad = arguments.GetValue(skipBadOption),
    };
    var plan = Planner.Ensure(folder, options.Model, job, files);
    return arguments.GetValue(planOnlyOption) ? PlanOnly(plan) : ScoreAsync(folder, plan, options, summary);
});
try
{
    return await command.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException
    or FormatException or NotSupportedException or ParquetException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static Option<int> Count(string name, string description, int value)
{
    var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
    option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !(int.TryParse(token.Value, out int count) && count > 0))
            result.AddError($"{name} must be a positive number, not '{token.Value}'.");
    });
    return option;
}

static char? DelimiterOf(string? text) => text switch
{
    null => null,
    "\\t" => '\t',
    [var one] when one < 128 && one is not ('"' or '\n' or '\r') => one,
    _ => throw new ArgumentException($"--delimiter is '{text}'; it must be one character of ASCII, or \\t."),
};

static Task<int> PlanOnly(Plan plan)
{
    Console.WriteLine($"{plan.Rows:n0} rows of {plan.Inputs.Count:n0} files in {plan.Shards.Count:n0} shards.");
    NextSteps.Write("the same command without --plan-only, in each task with --shard i/n");
    return Task.FromResult(0);
}

static async Task<int> ScoreAsync(OutFolder folder, Plan plan, WorkerOptions options, string? summary)
{
    var (figures, found) = await Job.RunAsync(folder, plan, options);
    Console.WriteLine(
        $"{found.Rows:n0} rows scored, {found.BadRows:n0} left out, {found.Lost:n0} lost, {found.Misplaced:n0} misplaced; "
        + $"{figures.RowsPerSecond:n0} rows a second, {figures.PeakMegabytes:n0} MB a process at most.");
    Figures.Write(summary, [.. SummaryFigures.Of(figures, found)]);
    string results = Path.Combine(folder.FullPath, $"shard-*.{plan.Options.OutFormat}");
    NextSteps.Write(plan.Options.OutFormat == "tsv" ? $"head -n 3 {results}" : $"read {results}, for example with Parquet.Net");
    return found.IsRight ? 0 : 1;
}
