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

    internal static string Measure()
    {
        long peak = long.Parse(OwnProcess.Run(Argument, PublishedSize.Folder), CultureInfo.InvariantCulture);
        long file = new FileInfo(Path.Combine(PublishedSize.Folder, "model.safetensors")).Length;
        return string.Create(CultureInfo.InvariantCulture, $"load_peak_over_file_ratio\t{peak / (double)file:g4}\tratio");
    }

    /// <summary>What that process does.</summary>
    internal static int Run(string folder)
    {
        using var model = PerceiverForMaskedLM.FromPretrained(folder);
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
}
