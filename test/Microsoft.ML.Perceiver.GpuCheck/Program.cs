using System.CommandLine;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.GpuCheck;
using Microsoft.ML.Perceiver.PerformanceTests;
using Microsoft.ML.Perceiver.Tests.Parity;

// What eng/gpu-check.sh runs on a machine with a GPU: the parity suite, then the heads at their published sizes, then the table beside
// transformers' figures, which eng/gpu-check/peer.py adds to the same folder.
const int noDevice = 2;

// Before anything below touches TorchSharp, with which the libtorch that the environment names is loaded.
var allowOtherRelease = new Option<bool>("--allow-other-release") { Description = "Try a libtorch of another release, with a warning" };
if (args.Contains(allowOtherRelease.Name) && !AnyRelease.TryLoad())
    return noDevice;

var device = new Option<string>("--device") { Description = "cpu, cuda or cuda:<index>", DefaultValueFactory = _ => "cuda" };
var summary = new Option<string?>("--summary")
{
    Description = "A file that figures are added to: name, value and unit, separated by tabs",
};
var precision = new Option<PerceiverPrecision>("--precision")
{
    Description = "Float32 or BFloat16",
    DefaultValueFactory = _ => PerceiverPrecision.Float32,
};
var precisions = new Option<PerceiverPrecision[]>("--precision")
{
    Description = "Float32, BFloat16; both where there is none",
    DefaultValueFactory = _ => [PerceiverPrecision.Float32, PerceiverPrecision.BFloat16],
};
string[] headNames = [.. HeadCase.All.Select(h => h.Name)];
var heads = new Option<string[]>("--head")
{
    Description = $"{string.Join(", ", headNames)}; all where there is none",
    DefaultValueFactory = _ => headNames,
};
heads.AcceptOnlyFromAmong(headNames);
var batches = new Option<int[]>("--batch")
{
    Description = "Rows at a time; 1 and 8 where there is none",
    DefaultValueFactory = _ => [1, 8],
};
var folder = new Argument<string>("folder") { Description = "The folder for weights, inputs, outputs and figures" };

var parity = new Command("parity", "Runs the golden cases.") { device, precision, summary, allowOtherRelease };
parity.SetAction(arguments =>
{
    // The harness reads these.
    Environment.SetEnvironmentVariable(ParityDevice.DeviceVariable, arguments.GetValue(device));
    Environment.SetEnvironmentVariable(ParityDevice.PrecisionVariable, arguments.GetValue(precision).ToString());
    return OnDevice(arguments.GetValue(device)!, _ => ParityRun.Run(arguments.GetValue(summary)));
});

var measure = new Command("heads", "Measures the heads at their published sizes, with random weights.")
{
    folder, device, heads, precisions, batches, allowOtherRelease,
};
measure.SetAction(arguments => OnDevice(arguments.GetValue(device)!, chosen => HeadsRun.Run(
    arguments.GetValue(folder)!, chosen, arguments.GetValue(heads)!, arguments.GetValue(precisions)!, arguments.GetValue(batches)!)));

var table = new Command("table", "Prints the heads' figures beside those of transformers.") { folder, summary };
table.SetAction(arguments => FigureTable.Print(arguments.GetValue(folder)!, arguments.GetValue(summary)));

return new RootCommand("Checks Microsoft.ML.Perceiver on a GPU.") { parity, measure, table }.Parse(args).Invoke();

// A libtorch that does not fit, or a GPU that is not there, is no failure of a case: it ends everything, with the loader's own message.
static int OnDevice(string name, Func<TorchSharp.torch.Device, int> run)
{
    TorchSharp.torch.Device chosen;
    try
    {
        chosen = ParityDevice.Named(name);
    }
    catch (Exception e) when (e is InvalidOperationException or ArgumentException)
    {
        Console.Error.WriteLine(e.Message);
        return noDevice;
    }

    Console.WriteLine(TorchRuntime.Description);
    return run(chosen);
}
