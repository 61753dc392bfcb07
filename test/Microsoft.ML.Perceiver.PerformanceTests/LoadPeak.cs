using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// The most memory that a fresh process has had when it has opened a checkpoint of 804 MB, checked it and filled its first mask, beside the
/// file's length. The bar is 1.25: the file's own pages count, once, and leave a quarter for libtorch, the runtime and the activations.
/// </summary>
internal static class LoadPeak
{
    /// <summary>The argument that a process of its own is started with.</summary>
    internal const string Argument = "--load-peak";

    /// <summary>The argument that a process of its own is started with to map the weights.</summary>
    internal const string MappedArgument = "--load-peak-mapped";

    internal static IEnumerable<string> Measure() =>
        [Measure("load_peak_over_file_ratio", Argument), Measure("load_peak_mapped_over_file_ratio", MappedArgument)];

    /// <summary>What that process does.</summary>
    internal static int Run(string folder, bool isMapped)
    {
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder);
        if (isMapped)
            checkpoint = checkpoint.WithMappedWeights();
        using var model = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        using (TorchSharp.torch.inference_mode())
        using (var ids = TorchSharp.torch.full([1, 64], 70L))
        using (var positions = TorchSharp.torch.full([1, 1], 7L))
        using (model.LogitsAt(ids, positions))
        {
        }

        using var process = Process.GetCurrentProcess();
        Console.Write(process.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static string Measure(string name, string argument)
    {
        long peak = long.Parse(OwnProcess.Run(argument, PublishedSize.Folder), CultureInfo.InvariantCulture);
        long file = new FileInfo(Path.Combine(PublishedSize.Folder, "model.safetensors")).Length;
        return string.Create(CultureInfo.InvariantCulture, $"{name}\t{peak / (double)file:g4}\tratio");
    }
}
