using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Perceiver.Tests.Runtime;
using static Microsoft.ML.Perceiver.Tests.Training.TinyRun;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class RunFolderTests
{
    [TestMethod]
    [DataRow(PerceiverPrecision.Float32, PerceiverOptimizer.AdamW, 0.0, 1)]
    [DataRow(PerceiverPrecision.Float32, PerceiverOptimizer.Lamb, 0.9, 2)]
    [DataRow(PerceiverPrecision.BFloat16, PerceiverOptimizer.Muon, 0.9, 1)]
    [DataRow(PerceiverPrecision.BFloat16, PerceiverOptimizer.AdamW, 0.9, 1)]
    public void A_resumed_training_ends_with_the_weights_of_an_undisturbed_one(
        PerceiverPrecision precision, PerceiverOptimizer optimizer, double average, int accumulation)
    {
        using var folder = new TemporaryFolder();
        var options = Options with
        {
            Precision = precision,
            Optimizer = optimizer,
            WeightAverageDecay = average,
            GradientAccumulationSteps = accumulation,
        };
        var (whole, wholeWeights) = Train(options with { RunFolder = folder["whole"] });
        Assert.AreEqual(PerceiverTrainingStopReason.Completed, whole.StopReason);
        // Stopped in the middle of an epoch, by a callback and by its token, each time in a new objective over a new model.
        var parted = options with { RunFolder = folder["parts"] };
        var stopped = Train(parted with { Progress = p => { if (p.Step == 5) p.Stop(); } }).Result;
        Assert.AreEqual(PerceiverTrainingStopReason.Stopped, stopped.StopReason);
        using var cancellation = new CancellationTokenSource();
        Assert.AreEqual(PerceiverTrainingStopReason.Cancelled, Train(parted with
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
        Assert.AreEqual(PerceiverTrainingStopReason.Completed, again.StopReason);
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
    public void The_folder_holds_what_people_look_for()
    {
        using var folder = new TemporaryFolder();
        var (result, weights) = Train(Options with { RunFolder = folder["run"] });
        using var best = PerceiverForMaskedLM.FromPretrained(folder["run/best"]);
        AssertSame(weights, Copy(best));
        using var last = PerceiverForMaskedLM.FromPretrained(LatestCheckpoint(folder["run"]));
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
        string loss = result.Evaluations[^1].ValidationMetrics!["LogLoss"].ToString(CultureInfo.InvariantCulture);
        StringAssert.Contains(File.ReadAllLines(folder["run/evaluations.csv"])[^1], loss);
    }

    [TestMethod]
    public void Another_training_is_refused()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { RunFolder = folder["run"], Epochs = 1 };
        Train(options);
        void Refused(
            string what,
            PerceiverTrainingOptions other,
            int rows = 25,
            PerceiverMaskedLanguageOptions? masking = null,
            long seed = 5,
            int? changed = null) =>
            StringAssert.Contains(
                Assert.ThrowsExactly<InvalidOperationException>(() => Train(other, rows, masking, seed, changed)).Message, what);

        Refused("Training.LearningRate was 0.01 and is 0.02", options with { LearningRate = 0.02 });
        Refused("Training.FrozenParts", options with { FrozenParts = ["perceiver.encoder"] });
        Refused("Rows was 25 and is 24", options, rows: 24);
        Refused("ObjectiveSettings.Masking", options, masking: new() { WholeWords = true });
        // One byte of one text, and the weights that it began with.
        Refused("ObjectiveSettings.TrainingData", options, changed: 7);
        Refused("ObjectiveSettings.ValidationData", options, changed: 28);
        Refused("StartingWeights", options, seed: 6);
    }

    [TestMethod]
    [DataRow("{ half", true)]
    [DataRow("{ half", false)]
    [DataRow("", true)]
    [DataRow("null", true)]
    [DataRow("[1]", false)]
    public void A_damaged_settings_file_keeps_no_training_from_its_checkpoints(string content, bool hasCopy)
    {
        using var folder = new TemporaryFolder();
        var log = new CollectingLogger();
        var options = Options with { RunFolder = folder["run"], Epochs = 2, Logger = log };
        var (whole, weights) = Train(options with { RunFolder = folder["whole"] });
        Train(options with { Progress = p => { if (p.Step == 5) p.Stop(); } });
        string written = File.ReadAllText(folder["run/config.json"]);
        File.WriteAllText(folder["run/config.json"], content);
        if (!hasCopy)
            File.Delete(folder["run/checkpoints/settings.json"]);
        else
            Assert.ThrowsExactly<InvalidOperationException>(() => Train(options with { LearningRate = 0.02 }));
        var (resumed, after) = Train(options);
        Assert.AreEqual(whole.BestStep, resumed.BestStep);
        AssertSame(weights, after);
        StringAssert.Contains(log.Warnings.Single(), "config.json' is damaged");
        Assert.AreEqual(written, File.ReadAllText(folder["run/config.json"]));
    }

    [TestMethod]
    public void A_number_that_changed_in_the_settings_file_is_damage()
    {
        using var folder = new TemporaryFolder();
        var log = new CollectingLogger();
        var options = Options with { RunFolder = folder["run"], Epochs = 1, Logger = log };
        Train(options);
        string written = File.ReadAllText(folder["run/config.json"]);
        File.WriteAllText(folder["run/config.json"], written.Replace("0.01", "0.09"));
        Train(options);
        StringAssert.Contains(log.Warnings.Single(), "written again");
        Assert.AreEqual(written, File.ReadAllText(folder["run/config.json"]));
    }

    [TestMethod]
    public void A_folder_that_cannot_be_written_is_said_to_be_so()
    {
        using var folder = new TemporaryFolder();
        // A folder in the lock's place cannot be opened for writing, by nobody.
        Directory.CreateDirectory(folder["run/run.lock"]);
        var error = Assert.ThrowsExactly<UnauthorizedAccessException>(() => Train(Options with { RunFolder = folder["run"] }));
        StringAssert.Contains(error.Message, $"The run folder '{folder["run"]}' cannot be written");
        // What a file system that is mounted for reading alone says (EROFS), and a full one (ENOSPC).
        Assert.IsFalse(RunFolder.IsInUse(new IOException("Read-only file system", 30)));
        Assert.IsFalse(RunFolder.IsInUse(new IOException("No space left on device", 28)));
        Directory.Delete(folder["run/run.lock"]);
        using var held = new FileStream(folder["run/run.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var used = Assert.ThrowsExactly<IOException>(() => Train(Options with { RunFolder = folder["run"] }));
        StringAssert.Contains(used.Message, "in use by another training");
    }

    [TestMethod]
    public void A_start_that_failed_does_not_keep_the_folder_from_the_next()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { RunFolder = folder["run"], Epochs = 1 };
        Assert.ThrowsExactly<ArgumentException>(() => Train(options with { FrozenParts = ["perceiver.typo"] }));
        Assert.ThrowsExactly<ArgumentException>(() => Train(options with { MonitorMetric = "Beauty" }));
        var failing = options with { LearningRate = 0.02, Progress = _ => throw new TimeZoneNotFoundException() };
        Assert.ThrowsExactly<TimeZoneNotFoundException>(() => Train(failing));
        Train(options);
        var config = JsonDocument.Parse(File.ReadAllText(folder["run/config.json"])).RootElement.GetProperty("Training");
        Assert.AreEqual(0, config.GetProperty("FrozenParts").GetArrayLength());
        Assert.AreEqual(0.01, config.GetProperty("LearningRate").GetDouble());
    }

    [TestMethod]
    public void A_training_stopped_before_its_first_evaluation_is_judged_and_goes_on_undisturbed()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { EvaluateEverySteps = null, WeightAverageDecay = 0.9 };
        var (whole, weights) = Train(options with { RunFolder = folder["whole"] });
        var parted = options with { RunFolder = folder["parts"] };
        var (stopped, stoppedWeights) = Train(parted with { Progress = p => { if (p.Step == 3) p.Stop(); } });
        Assert.AreEqual((PerceiverTrainingStopReason.Stopped, 1, 3L), (stopped.StopReason, stopped.BestEpoch, stopped.BestStep));
        using (var best = PerceiverForMaskedLM.FromPretrained(folder["parts/best"]))
            AssertSame(stoppedWeights, Copy(best));
        var (end, endWeights) = Train(parted);
        AssertSame(weights, endWeights);
        CollectionAssert.AreEqual(whole.Evaluations.Select(Outcome).ToArray(), end.Evaluations.Select(Outcome).ToArray());
        Assert.HasCount(end.Evaluations.Count + 1, File.ReadAllLines(folder["parts/evaluations.csv"]));
    }

    [TestMethod]
    public void Two_trainings_cannot_share_a_folder()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { RunFolder = folder["run"], Epochs = 1 };
        var error = Assert.ThrowsExactly<IOException>(() => Train(options with { Progress = _ => Train(options) }));
        StringAssert.Contains(error.Message, "in use");
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_an_error_before_anything_is_trained()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Assert.Throws<IOException>(() => Train(Options with { RunFolder = folder["file/run"], Progress = _ => Assert.Fail() }));
    }
}
