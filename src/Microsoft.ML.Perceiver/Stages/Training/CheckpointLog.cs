using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Tells ML.NET's log what was loaded from where.</summary>
internal static class CheckpointLog
{
    internal static void Write(IHost host, PerceiverCheckpoint checkpoint, PerceiverCheckpointReport report)
    {
        using var channel = host.Start("Loading");
        channel.Info(TorchRuntime.Description ?? "");
        channel.Info(
            $"Weights from {checkpoint.Source}: {report.Loaded.Count} loaded, {report.Unused.Count} not used, {report.NewlyInitialized.Count} newly drawn"
            + (report.Loaded.Count > 0 && report.NewlyInitialized.Count > 0 ? $" ({string.Join(", ", report.NewlyInitialized)})." : "."));
    }
}
