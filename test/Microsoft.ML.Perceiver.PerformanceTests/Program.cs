using System.CommandLine;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.PerformanceTests;

const string HeadTimes = "head-times";

// Memory is measured in a process that did nothing else, and that loads none of the libraries of benchmarks.
return args switch
{
    [LoadPeak.Argument, var folder] => LoadPeak.Run(folder, isMapped: false),
    [LoadPeak.MappedArgument, var folder] => LoadPeak.Run(folder, isMapped: true),
    [HeadProcess.Argument, var name, var folder, var precision, var batch] =>
        HeadProcess.Run(name, folder, Enum.Parse<PerceiverPrecision>(precision), int.Parse(batch, CultureInfo.InvariantCulture)),
    [PeerProcess.Argument, var form, var head, var folder] =>
        PeerProcess.Serve(Enum.Parse<PeerForm>(form), HeadCase.Find(head), folder),
    [OnnxExportTime.Argument, var folder] => OnnxExportTime.Run(folder),
    _ => Invoke(args),
};

// Each benchmark compares two ways within one run; what is reported is the ratio of their median times.
static int Invoke(string[] args)
{
    var only = new Argument<string?>("name")
    {
        Description = "The benchmark to run; all but head-times where there is none",
        Arity = ArgumentArity.ZeroOrOne,
    };
    var summary = new Option<string?>("--summary") { Description = "A file for the figures: name, value and unit, separated by tabs" };
    var weights = new Option<string?>("--weights")
    {
        Description = "For heads and peers: a folder with a folder for each published checkpoint (config.json, model.safetensors and "
            + "perhaps io.safetensors); random weights where there is none",
    };
    var head = new Option<string?>("--head")
    {
        Description = $"For heads and peers: one of {string.Join(", ", HeadCase.All.Select(h => h.Name))}; all where there is none",
    };
    var precision = new Option<PerceiverPrecision[]>("--precision")
    {
        Description = "For heads, latent-stack and precision: Float32, BFloat16, Int8; all where there is none",
        DefaultValueFactory = _ => [PerceiverPrecision.Float32, PerceiverPrecision.BFloat16, PerceiverPrecision.Int8],
        AllowMultipleArgumentsPerToken = true,
    };
    var batch = new Option<int[]>("--batch")
    {
        Description = "For heads: rows of a call; 1, and 8 for text and images, where there is none",
        DefaultValueFactory = _ => [1, 8],
        AllowMultipleArgumentsPerToken = true,
    };
    var command = new RootCommand("Benchmarks of Microsoft.ML.Perceiver.") { only, summary, weights, head, precision, batch };
    command.SetAction(arguments => Run(
        arguments.GetValue(only), arguments.GetValue(summary),
        new HeadChoice(arguments.GetValue(weights), arguments.GetValue(head), arguments.GetValue(precision)!, arguments.GetValue(batch)!)));
    return command.Parse(args).Invoke();
}

static int Run(string? only, string? summaryPath, HeadChoice choice)
{
    Dictionary<string, Func<IEnumerable<string>>> benchmarks = new()
    {
        ["fill-mask-pipeline"] = () => Overhead<FillMaskPipeline>("fillmask"),
        ["stage-overhead"] = () => Overhead<StageOverhead>("classification"),
        ["image-pipeline"] = () => Overhead<ImagePipeline>("image"),
        ["heads"] = () => HeadFigures.Measure(choice),
        [HeadTimes] = () => Times(choice),
        ["latent-stack"] = () => LatentStack.Measure(choice.Precisions),
        ["scaling"] = Scaling.Measure,
        ["checkpoint-load"] = () =>
        [
            Ratio<CheckpointLoad>("checkpoint_load_over_file_read", nameof(CheckpointLoad.LoadModel), nameof(CheckpointLoad.ReadFile)),
            Ratio<CheckpointLoad>(
                "checkpoint_load_mapped_over_file_read", nameof(CheckpointLoad.LoadMapped), nameof(CheckpointLoad.ReadFile)),
            .. CheckpointMemory.Measure(),
        ],
        ["checkpoint-open"] = () =>
        [
            Ratio<CheckpointOpen>("open_mapped_over_read_ratio", nameof(CheckpointOpen.MapTensors), nameof(CheckpointOpen.ReadFile)),
            Ratio<CheckpointOpen>("open_copied_over_read_ratio", nameof(CheckpointOpen.CopyTensors), nameof(CheckpointOpen.ReadFile)),
            .. LoadPeak.Measure(),
        ],
        ["attention-kernels"] = AttentionKernels.Measure,
        ["packed-products"] = PackedProductTimes.Measure,
        ["int8"] = Int8ProductTimes.Measure,
        ["masked-positions"] = () =>
        [
            Ratio<MaskedPositions>(
                "masked_positions_over_all_positions", nameof(MaskedPositions.MaskedOnly), nameof(MaskedPositions.AllPositions)),
        ],
        ["optical-flow"] = OpticalFlowForward.Measure,
        ["flow-pair"] = FlowPair.Measure,
        ["multimodal-reconstruction"] = MultimodalReconstruction.Measure,
        ["peers"] = () => HeadPeers.Measure(choice),
        ["onnx-export"] = OnnxExportTime.Measure,
        ["training-step"] = TrainingStepTimes.Measure,
        ["training-rows"] = TrainingRates.Measure,
        ["training-memory"] = TrainingStepTimes.MeasureMemory,
        ["precision"] = () => PrecisionAgreement.Measure(choice.Precisions),
    };
    if (only is not null && !benchmarks.ContainsKey(only))
    {
        Console.Error.WriteLine($"There is no benchmark '{only}'; there are {string.Join(", ", benchmarks.Keys)}.");
        return 1;
    }

    // Each figure when it is there: all of them take an hour and more.
    using var summary = summaryPath is null ? null : new StreamWriter(summaryPath) { AutoFlush = true };
    foreach (string line in benchmarks.Where(b => only is null ? b.Key != HeadTimes : b.Key == only).SelectMany(b => b.Value()))
    {
        Console.WriteLine(line);
        summary?.WriteLine(line);
    }

    return 0;
}

// A data view beside the bare model on the same rows: its time over the model's, the model's share of it, and its rows a second.
static string[] Overhead<TBenchmark>(string name)
    where TBenchmark : IPipelineBenchmark, new()
{
    using var benchmark = new TBenchmark();
    var (ratio, seconds) = Measured.ByTurns(benchmark.Pipeline, benchmark.BareModel);
    return
    [
        Measured.Figure($"pipeline_overhead_{name}", ratio, "ratio"), Measured.Figure($"{name}_pipeline_share", 1 / ratio, "ratio"),
        Measured.Figure($"{name}_pipeline_rows_per_second", benchmark.Rows / seconds, "rows/s"),
    ];
}

// What heads measures in processes of their own, as BenchmarkDotNet does it.
static IEnumerable<string> Times(HeadChoice choice)
{
    (HeadForward.Weights, HeadForward.Cases) = (choice.Weights, HeadFigures.Cases(choice));
    return Report<HeadForward>().Reports.Select(r => Measured.Figure(
        $"{((string)r.BenchmarkCase.Parameters[nameof(HeadForward.Case)]).ToLowerInvariant().Replace('/', '_')}_median_ms",
        1e-6 * Median(r), "ms")).ToArray();
}

static string Ratio<TBenchmark>(string name, string measured, string baseline)
{
    var report = Report<TBenchmark>();
    return Measured.Figure(name, MedianOf(report, measured) / MedianOf(report, baseline), "ratio");
}

static Summary Report<TBenchmark>()
{
    var job = Job.Default
        .WithToolchain(InProcessNoEmitToolchain.Instance)
        .WithWarmupCount(2)
        .WithIterationCount(9)
        .WithInvocationCount(1)
        .WithUnrollFactor(1);
    var config = ManualConfig.CreateEmpty()
        .AddJob(job)
        .AddLogger(ConsoleLogger.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance);
    return BenchmarkRunner.Run<TBenchmark>(config);
}

static double MedianOf(Summary report, string method) =>
    Median(report.Reports.Single(r => r.BenchmarkCase.Descriptor.WorkloadMethod.Name == method));

static double Median(BenchmarkReport report) =>
    report.ResultStatistics?.Median
    ?? throw new InvalidOperationException($"The benchmark {report.BenchmarkCase.DisplayInfo} gave no result.");
