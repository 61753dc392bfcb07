using System.Globalization;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The memory that a loaded checkpoint takes of its own, beside the file's pages that the system shares and can drop.</summary>
internal static class CheckpointMemory
{
    internal static IEnumerable<string> Measure()
    {
        var checkpoint = PerceiverCheckpoint.FromDirectory(PublishedSize.Folder);
        return [.. Measure(checkpoint.WithMappedWeights(), ""), .. Measure(checkpoint, "_copied")];
    }

    private static IEnumerable<string> Measure(PerceiverCheckpoint checkpoint, string suffix)
    {
        long fileBytes = new FileInfo(Path.Combine(PublishedSize.Folder, "model.safetensors")).Length;
        GC.Collect();
        long before = PrivateBytes();
        using var model = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        long loaded = PrivateBytes();
        using (TorchSharp.torch.inference_mode())
        using (var ids = TorchSharp.torch.full([1, 64], 70L))
        using (model.forward(ids))
        {
        }

        GC.Collect();
        yield return Figure($"checkpoint_private_over_file_loaded{suffix}", Math.Max(0, loaded - before) / (double)fileBytes);
        // After a forward pass every weight was read; a second copy would show here.
        double after = Math.Max(0, PrivateBytes() - before) / (double)fileBytes;
        yield return Figure($"checkpoint_private_over_file_after_forward{suffix}", after);
    }

    private static long PrivateBytes() => PeakMemory.Bytes("RssAnon");

    private static string Figure(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name}\t{value:g4}\tratio");
}
