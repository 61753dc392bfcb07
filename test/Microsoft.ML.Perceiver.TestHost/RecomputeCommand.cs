using System.Diagnostics;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>
/// Takes one step of a deep model, with its activations remembered or recomputed, and says how much memory the process had at most.
/// </summary>
internal static class RecomputeCommand
{
    public static int Run(bool recompute)
    {
        var config = new PerceiverConfig
        {
            NumLatents = 256,
            LatentChannels = 128,
            ModelChannels = 32,
            NumSelfAttendsPerBlock = 24,
            NumSelfAttentionHeads = 2,
            NumCrossAttentionHeads = 2,
            MaxPositionEmbeddings = 16,
        };
        using var model = new PerceiverForMaskedLM(config);
        var options = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 8, RecomputeActivations = recompute };
        var texts = PerceiverTextRows.FromTokens([.. Enumerable.Range(0, 8).Select(i => (int[])[4, 70 + i, 80, 90, 5])]);
        PerceiverTrainer.Run(new PerceiverMaskedLanguageObjective(model, texts, PerceiverTextRows.FromTokens([]), options), options);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"peak {process.PeakWorkingSet64}");
        return 0;
    }
}
