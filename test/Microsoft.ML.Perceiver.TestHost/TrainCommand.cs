using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>
/// Trains a small masked language model in a run folder, and says each step and, at the end, the hash of the best weights.
/// </summary>
internal static class TrainCommand
{
    public static int Run(string folder)
    {
        var config = new PerceiverConfig
        {
            NumLatents = 4,
            LatentChannels = 16,
            ModelChannels = 16,
            NumSelfAttendsPerBlock = 2,
            NumSelfAttentionHeads = 2,
            NumCrossAttentionHeads = 2,
            MaxPositionEmbeddings = 24,
            AttentionDropout = 0.1,
        };
        using var model = new PerceiverForMaskedLM(config, seed: 3);
        var logger = new CollectingLogger();
        var options = new PerceiverTrainingOptions
        {
            Epochs = 3,
            BatchSize = 4,
            LearningRate = 0.01,
            GradientAccumulationSteps = 2,
            WeightAverageDecay = 0.9,
            EvaluateEverySteps = 7,
            RunFolder = folder,
            CheckpointEverySteps = 3,
            Logger = logger,
            Progress = p =>
            {
                if (p.ValidationMetrics is null)
                    Console.WriteLine($"step {p.Step}");
            },
        };
        var result = PerceiverTrainer.Run(new PerceiverMaskedLanguageObjective(model, Texts(97), Texts(8), options), options);
        foreach (string warning in logger.Warnings)
            Console.WriteLine($"warning {warning}");
        Console.WriteLine($"evaluations {result.Evaluations.Count}");
        byte[] best = File.ReadAllBytes(Path.Combine(folder, "best", "model.safetensors"));
        Console.WriteLine($"best {Convert.ToHexString(SHA256.HashData(best))}");
        return 0;
    }

    private static PerceiverRows<int[]> Texts(int count)
    {
        var random = new Random(count);
        return PerceiverTextRows.FromTokens(Enumerable.Range(0, count)
            .Select(_ => (int[])[4, .. Enumerable.Range(0, random.Next(5, 22)).Select(_ => random.Next('a', 'f') + 6), 5])
            .ToArray());
    }
}
