using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Perceiver.Core.Tests.Runtime;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class RunFolderTests
{
    private static readonly PerceiverTrainingOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 4,
        LearningRate = 0.01,
        EvaluateEverySteps = 4,
    };

    [TestMethod]
    [DataRow(PerceiverPrecision.Float32, PerceiverOptimizer.AdamW, 0.0, 1)]
    [DataRow(PerceiverPrecision.Float32, PerceiverOptimizer.Lamb, 0.9, 2)]
    [DataRow(PerceiverPrecision.BFloat16, PerceiverOptimizer.AdamW, 0.9, 1)]
    public void A_resumed_training_ends_with_the_weights_of_an_undisturbed_one(
        PerceiverPrecision precision, PerceiverOptimizer optimizer, double average, int accumulation)
    {
        using var folder = new TemporaryFolder();
        var options = Options with { Precision = precision, Optimizer = optimizer, WeightAverageDecay = average, GradientAccumulationSteps = accumulation };
        var (whole, wholeWeights) = Train(options with { RunFolder = folder["whole"] });
        Assert.AreEqual(TrainingStopReason.Completed, whole.StopReason);
        // Stopped in the middle of an epoch, by a callback and by its token, each time in a new objective over a new model.
        var parted = options with { RunFolder = folder["parts"] };
        Assert.AreEqual(TrainingStopReason.Stopped, Train(parted with { Progress = p => { if (p.Step == 5) p.Stop(); } }).Result.StopReason);
        using var cancellation = new CancellationTokenSource();
        Assert.AreEqual(TrainingStopReason.Cancelled, Train(parted with
        {
            CancellationToken = cancellation.Token,
            Progress = p => { if (p.Step == 10) cancellation.Cancel(); },
        }).Result.StopReason);
        var (end, endWeights) = Train(parted);

        AssertSame(wholeWeights, endWeights);
        Assert.AreEqual(whole.BestStep, end.BestStep);
        CollectionAssert.AreEqual(whole.Evaluations.Select(Outcome).ToArray(), end.Evaluations.Select(Outcome).ToArray());
        CollectionAssert.AreEqual(Steps(folder["whole"]), Steps(folder["parts"]));
        // A training that is done is not done again.
        var (again, againWeights) = Train(parted with { Progress = _ => Assert.Fail("There is nothing left to train.") });
        Assert.AreEqual(TrainingStopReason.Completed, again.StopReason);
        AssertSame(wholeWeights, againWeights);
    }

    [TestMethod]
    public void A_training_that_is_killed_goes_on_and_ends_with_the_same_weights()
    {
        using var folder = new TemporaryFolder();
        string[] whole = HostProcess.Run($"train {folder["whole"]}");
        foreach (int step in (int[])[2, 8, 9, 23])
        {
            using var process = HostProcess.Start($"train {folder["killed"]}");
            while (process.StandardOutput.ReadLine() is { } line && line != $"step {step}")
                Assert.IsFalse(line.StartsWith("best", StringComparison.Ordinal), $"step {step} was never trained");
            process.Kill();
            process.WaitForExit();
        }

        string[] end = HostProcess.Run($"train {folder["killed"]}");
        Assert.AreEqual(whole[^1], end[^1]);
        Assert.AreEqual(whole[^2], end[^2]);
        Assert.IsLessThan(whole.Length, end.Length, "it went on instead of beginning anew");
        CollectionAssert.AreEqual(Steps(folder["whole"]), Steps(folder["killed"]));
    }

    [TestMethod]
    [DataRow("model.safetensors")]
    [DataRow("optimizer.safetensors")]
    [DataRow("state.json")]
    public void A_damaged_checkpoint_is_passed_over_with_a_warning(string file)
    {
        using var folder = new TemporaryFolder();
        var (_, whole) = Train(Options with { RunFolder = folder["whole"] });
        var parted = Options with { RunFolder = folder["parts"] };
        Train(parted with { Progress = p => { if (p.Step == 10) p.Stop(); } });
        string latest = Directory.GetDirectories(folder["parts/checkpoints"]).Max(StringComparer.Ordinal)!;
        StringAssert.EndsWith(latest, "00000010");
        using (var stream = File.OpenWrite(Path.Combine(latest, file)))
        {
            stream.Seek(stream.Length / 2, SeekOrigin.Begin);
            stream.Write("\0\0damaged"u8);
        }

        var warnings = new List<string>();
        long first = 0;
        var (_, weights) = Train(parted with { Warning = warnings.Add, Progress = p => first = first == 0 ? p.Step : first });
        Assert.HasCount(1, warnings);
        StringAssert.Contains(warnings[0], latest);
        Assert.AreEqual(9, first, "it goes on from the checkpoint before, of step 8");
        AssertSame(whole, weights);
    }

    [TestMethod]
    public void Everything_is_lost_but_the_training_begins_anew()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { RunFolder = folder["run"], Epochs = 1, EvaluateEverySteps = null };
        Train(options with { Progress = p => { if (p.Step == 3) p.Stop(); } });
        foreach (string checkpoint in Directory.GetDirectories(folder["run/checkpoints"]))
            File.Delete(Path.Combine(checkpoint, "state.json"));
        var warnings = new List<string>();
        var (_, weights) = Train(options with { Warning = warnings.Add });
        Assert.HasCount(1, warnings);
        AssertSame(Train(options with { RunFolder = null }).Weights, weights);
    }

    [TestMethod]
    public void The_folder_holds_what_people_look_for()
    {
        using var folder = new TemporaryFolder();
        var (result, weights) = Train(Options with { RunFolder = folder["run"] });
        using var best = PerceiverForMaskedLM.FromPretrained(folder["run/best"]);
        AssertSame(weights, Copy(best));
        string latest = Directory.GetDirectories(folder["run/checkpoints"]).Max(StringComparer.Ordinal)!;
        using var last = PerceiverForMaskedLM.FromPretrained(latest);
        Assert.HasCount(2, Directory.GetDirectories(folder["run/checkpoints"]));
        var config = JsonDocument.Parse(File.ReadAllText(folder["run/config.json"])).RootElement;
        Assert.AreEqual(0.01, config.GetProperty("Training").GetProperty("LearningRate").GetDouble());
        Assert.AreEqual(6, config.GetProperty("Model").GetProperty("num_latents").GetInt32());

        string[] steps = File.ReadAllLines(folder["run/steps.csv"]);
        Assert.AreEqual("step,epoch,loss,learning_rate,gradient_norm,rows_per_second,seconds", steps[0]);
        Assert.HasCount((int)result.Evaluations[^1].Step + 1, steps);
        Assert.HasCount(steps.Length - 1, File.ReadAllLines(folder["run/steps.jsonl"]));
        var evaluations = File.ReadAllLines(folder["run/evaluations.jsonl"]).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.HasCount(result.Evaluations.Count, evaluations);
        Assert.AreEqual(result.Evaluations[^1].ValidationMetrics!["Perplexity"], evaluations[^1].GetProperty("Perplexity").GetDouble());
        StringAssert.Contains(File.ReadAllLines(folder["run/evaluations.csv"])[^1], result.Evaluations[^1].ValidationMetrics!["LogLoss"].ToString(CultureInfo.InvariantCulture));
    }

    [TestMethod]
    public void Another_training_is_refused()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { RunFolder = folder["run"], Epochs = 1 };
        Train(options);
        void Refused(string what, PerceiverTrainingOptions other, int rows = 25, MaskedLanguageOptions? masking = null) =>
            StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Train(other, rows, masking)).Message, what);

        Refused("Training.LearningRate was 0.01 and is 0.02", options with { LearningRate = 0.02 });
        Refused("Training.FrozenParts", options with { FrozenParts = ["perceiver.encoder"] });
        Refused("Rows was 25 and is 24", options, rows: 24);
        Refused("ObjectiveSettings.Masking", options, masking: new() { WholeWords = true });
        File.WriteAllText(folder["run/config.json"], "{ half");
        Refused("damaged", options);
    }

    [TestMethod]
    public void Two_trainings_cannot_share_a_folder()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { RunFolder = folder["run"], Epochs = 1 };
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => Train(options with { Progress = _ => Train(options) })).Message, "in use");
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_an_error_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Assert.Throws<IOException>(() => Train(Options with { RunFolder = folder["file/run"], Progress = _ => Assert.Fail() }));
    }

    private static (TrainingResult Result, Dictionary<string, Tensor> Weights) Train(
        PerceiverTrainingOptions options, int rows = 25, MaskedLanguageOptions? masking = null)
    {
        using var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 5);
        var random = new Random(7);
        int[] Text() => [4, .. Enumerable.Range(0, random.Next(4, 30)).Select(_ => random.Next('a', 'f') + 6), 5];
        var objective = new MaskedLanguageObjective(
            model,
            TextRows.FromTokens(Enumerable.Range(0, rows).Select(_ => Text()).ToArray()),
            TextRows.FromTokens(Enumerable.Range(0, 6).Select(_ => Text()).ToArray()),
            options,
            masking);
        var result = PerceiverTrainer.Run(objective, options);
        Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.Float32 && p.requires_grad));
        return (result, Copy(model));
    }

    private static Dictionary<string, Tensor> Copy(PerceiverForMaskedLM model) =>
        model.state_dict().ToDictionary(p => p.Key, p => p.Value.detach().clone());

    private static void AssertSame(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        foreach (var (name, value) in expected)
            Assert.IsTrue(value.equal(actual[name]).all().item<bool>(), name);
    }

    private static string Outcome(TrainingProgress p) =>
        $"{p.Step} {p.Epoch} {p.IsEpochEnd} {p.IsBest} {p.TrainingLoss:r} {p.LearningRate:r} {p.ValidationMetrics!["LogLoss"]:r}";

    // Without the columns that tell the time.
    private static string[] Steps(string folder) =>
        File.ReadAllLines(Path.Combine(folder, "steps.csv")).Select(l => string.Join(',', l.Split(',').Take(5))).ToArray();
}
