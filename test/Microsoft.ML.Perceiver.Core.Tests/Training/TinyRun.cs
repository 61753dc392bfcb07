using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>Trainings of a masked language model that take a moment, and what is compared of them.</summary>
internal static class TinyRun
{
    internal static PerceiverTrainingOptions Options { get; } = new()
    {
        Epochs = 3,
        BatchSize = 4,
        LearningRate = 0.01,
        EvaluateEverySteps = 4,
    };

    internal static (PerceiverTrainingResult Result, Dictionary<string, Tensor> Weights) Train(
        PerceiverTrainingOptions options, int rows = 25, PerceiverMaskedLanguageOptions? masking = null, long seed = 5, int? changed = null)
    {
        using var model = new PerceiverForMaskedLM(Modules.TinyModels.Config, seed: seed);
        var random = new Random(7);
        int[] Draw() => [.. Enumerable.Range(0, random.Next(4, 30)).Select(_ => random.Next('a', 'f') + 6)];
        var texts = Enumerable.Range(0, rows + 6).Select(_ => (int[])[4, .. Draw(), 5]).ToArray();
        if (changed is { } row)
            texts[row][1]++;
        var (training, validation) = (PerceiverTextRows.FromTokens(texts[..rows]), PerceiverTextRows.FromTokens(texts[rows..]));
        var objective = new PerceiverMaskedLanguageObjective(model, training, validation, options, masking);
        var result = PerceiverTrainer.Run(objective, options);
        Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.Float32 && p.requires_grad));
        return (result, Copy(model));
    }

    internal static Dictionary<string, Tensor> Copy(nn.Module model) =>
        model.state_dict().ToDictionary(p => p.Key, p => p.Value.detach().clone());

    internal static void AssertSame(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        foreach (var (name, value) in expected)
            Assert.IsTrue(value.equal(actual[name]).all().item<bool>(), name);
    }

    internal static string Outcome(PerceiverTrainingProgress p) =>
        $"{p.Step} {p.Epoch} {p.IsEpochEnd} {p.IsBest} {p.TrainingLoss:r} {p.LearningRate:r} {p.ValidationMetrics!["LogLoss"]:r}";

    /// <summary>The steps that were logged, without the columns that tell the time.</summary>
    internal static string[] Steps(string folder) =>
        File.ReadAllLines(Path.Combine(folder, "steps.csv")).Select(l => string.Join(',', l.Split(',').Take(5))).ToArray();

    /// <summary>The folder of a run's latest checkpoint.</summary>
    internal static string LatestCheckpoint(string run) =>
        Directory.GetDirectories(Path.Combine(run, "checkpoints")).Max(StringComparer.Ordinal)!;
}
