using System.CommandLine;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Microsoft.ML.Perceiver.PerformanceTests;

// Memory is measured in a process that did nothing else, and that loads none of the libraries of benchmarks.
return args is [LoadPeak.Argument, var folder] ? LoadPeak.Run(folder) : Invoke(args);

// Each benchmark compares two ways within one run; what is reported is the ratio of their median times.
static int Invoke(string[] args)
{
    var only = new Argument<string?>("name") { Description = "The benchmark to run; all where there is none", Arity = ArgumentArity.ZeroOrOne };
    var summary = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
    var command = new RootCommand("Benchmarks of Microsoft.ML.Perceiver.") { only, summary };
    command.SetAction(arguments => Run(arguments.GetValue(only), arguments.GetValue(summary)));
    return command.Parse(args).Invoke();
}

static int Run(string? only, string? summaryPath)
{
    Dictionary<string, Func<IEnumerable<string>>> benchmarks = new()
    {
        ["checkpoint-load"] = () =>
        [
            Ratio<CheckpointLoad>("checkpoint_load_over_file_read", nameof(CheckpointLoad.LoadModel), nameof(CheckpointLoad.ReadFile)),
            .. CheckpointMemory.Measure(),
        ],
        ["checkpoint-open"] = () => [Ratio<CheckpointOpen>("open_mapped_over_read_ratio", nameof(CheckpointOpen.MapTensors), nameof(CheckpointOpen.ReadFile)), LoadPeak.Measure()],
        ["stage-overhead"] = () => [Ratio<StageOverhead>("stage_over_bare_module", nameof(StageOverhead.Transform), nameof(StageOverhead.BareModule))],
        ["image-pipeline"] = () => [Ratio<ImagePipeline>("image_pipeline_share", nameof(ImagePipeline.BareModel), nameof(ImagePipeline.Pipeline))],
        ["masked-positions"] = () => [Ratio<MaskedPositions>("masked_positions_over_all_positions", nameof(MaskedPositions.MaskedOnly), nameof(MaskedPositions.AllPositions))],
        ["optical-flow"] = OpticalFlowForward.Measure,
        ["training-step"] = TrainingStep.Measure,
        ["multimodal-reconstruction"] = MultimodalReconstruction.Measure,
        ["training-memory"] = TrainingStep.MeasureMemory,
    };
    if (only is not null && !benchmarks.ContainsKey(only))
    {
        Console.Error.WriteLine($"There is no benchmark '{only}'; there are {string.Join(", ", benchmarks.Keys)}.");
        return 1;
    }

    string[] lines = benchmarks.Where(b => only is null || b.Key == only).SelectMany(b => b.Value()).ToArray();
    foreach (string line in lines)
        Console.WriteLine(line);
    if (summaryPath is not null)
        File.WriteAllLines(summaryPath, lines);
    return 0;
}

static string Ratio<TBenchmark>(string name, string measured, string baseline)
{
    var config = ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(9).WithInvocationCount(1).WithUnrollFactor(1))
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance);
    var report = BenchmarkRunner.Run<TBenchmark>(config);
    return Figure(name, MedianOf(report, measured) / MedianOf(report, baseline), "ratio");
}

static double MedianOf(Summary report, string method) =>
    report.Reports.Single(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method).ResultStatistics?.Median
    ?? throw new InvalidOperationException($"The benchmark {method} gave no result.");

static string Figure(string name, double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:g4}\t{unit}");
