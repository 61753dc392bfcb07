using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Stages.Training;

/// <summary>Training inside Fit: what ML.NET is told, and how it ends.</summary>
[TestClass]
public sealed class StageTrainingTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Epochs_are_reported_to_the_callback_and_to_the_log()
    {
        var log = new List<string>();
        _context.Log += (_, e) => log.Add(e.Message);
        var progress = new List<PerceiverTrainingProgress>();
        using var model = Fit(new() { Epochs = 3, BatchSize = 4, Progress = progress.Add }, 40);
        Assert.HasCount(3, progress.Where(p => p.IsEpochEnd).ToArray());
        Assert.HasCount(3 * 9, progress.Where(p => !p.IsEpochEnd).ToArray());
        Assert.AreEqual(27, progress[^1].Step);
        Assert.IsTrue(progress.Where(p => p.IsEpochEnd).All(p => p.ValidationMetrics!.ContainsKey("Accuracy")));
        Assert.IsTrue(log.Any(l => l.Contains("Epoch 2 of 3", StringComparison.Ordinal)), string.Join('\n', log));
        Assert.IsTrue(log.Any(l => l.Contains("libtorch", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Epochs_are_reported_to_the_progress_channel_with_their_metrics()
    {
        var host = RecordingHost.Over(((IHostEnvironment)_context).Register("test"));
        using var model = new PerceiverForSequenceClassification(Config.WithLabels(["a", "b"]), seed: 1);
        PerceiverTextExample[] rows = [.. Enumerable.Range(0, 8).Select(i => new PerceiverTextExample([4, 70 + i, 5], [i % 2]))];
        var options = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 4 };
        var result = StageTraining.Execute(
            host.Host,
            new PerceiverTextClassificationObjective(model, PerceiverProblemType.SingleLabel, [.. rows], [.. rows], options),
            options);

        CollectionAssert.AreEqual(new[] { "TrainingLoss", "Accuracy", "MacroAccuracy", "LogLoss" }, host.Header!.MetricNames.ToArray());
        CollectionAssert.AreEqual(new[] { "epochs", "steps" }, host.Header.UnitNames.ToArray());
        Assert.HasCount(2, host.Checkpoints);
        foreach (var (values, epoch) in host.Checkpoints.Zip(result.Epochs))
        {
            var metrics = epoch.ValidationMetrics!;
            CollectionAssert.AreEqual(
                new double?[]
                {
                    epoch.TrainingLoss,
                    metrics["Accuracy"],
                    metrics["MacroAccuracy"],
                    metrics["LogLoss"],
                    epoch.Epoch,
                    epoch.Step,
                },
                values);
        }

        // What the context pulls from time to time.
        CollectionAssert.AreEqual(host.Checkpoints[1][..4], host.Pull());
    }

    [TestMethod]
    public void A_time_that_is_too_short_for_an_epoch_still_gives_a_model()
    {
        using var model = Fit(new() { Epochs = 50, BatchSize = 4, MaxDuration = TimeSpan.FromTicks(1) }, 40);
        Assert.AreEqual(PerceiverTrainingStopReason.TimeLimit, model.TrainingResult!.StopReason);
        Assert.AreEqual(1, model.TrainingResult.BestStep);
        Assert.IsTrue(model.TrainingResult.Evaluations.Single().ValidationMetrics!.ContainsKey("Accuracy"));
        Assert.IsNotEmpty(model.Transform(Data(3)).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void Cancelling_keeps_the_best_model_so_far()
    {
        using var cancellation = new CancellationTokenSource();
        using var model = Fit(
            new()
            {
                Epochs = 50,
                BatchSize = 4,
                CancellationToken = cancellation.Token,
                Progress = p =>
                {
                    if (p.Epoch == 3)
                        cancellation.Cancel();
                },
            },
            40);
        Assert.AreEqual(PerceiverTrainingStopReason.Cancelled, model.TrainingResult!.StopReason);
        Assert.HasCount(2, model.TrainingResult.Epochs);
        Assert.IsGreaterThan(0, model.TrainingResult.BestEpoch);
        Assert.IsNotEmpty(model.Transform(Data(3)).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void A_run_folder_lets_a_fit_go_on()
    {
        using var folder = new TemporaryFolder();
        var training = new PerceiverTrainingOptions { Epochs = 4, BatchSize = 4, RunFolder = folder.Path };
        using var whole = Fit(training with { RunFolder = null }, 40);
        using var stopped = Fit(training with { Progress = p => { if (p.Step == 14) p.Stop(); } }, 40);
        Assert.AreEqual(PerceiverTrainingStopReason.Stopped, stopped.TrainingResult!.StopReason);
        var steps = new List<long>();
        using var resumed = Fit(training with { Progress = p => steps.Add(p.Step) }, 40);
        Assert.AreEqual(15, steps[0]);
        Assert.AreEqual(whole.TrainingResult!.BestStep, resumed.TrainingResult!.BestStep);
        foreach (var (expected, actual) in whole.Transform(Data(9)).GetColumn<float[]>("Score").Zip(
            resumed.Transform(Data(9)).GetColumn<float[]>("Score")))
            CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Heavy_classes_are_predicted_more_often()
    {
        int[] Predicted(double weight)
        {
            using var model = Fit(new() { Epochs = 3, BatchSize = 4, ClassWeights = [weight, 1] }, 40);
            return model.Transform(Data(40)).GetColumn<uint>("PredictedLabel").Select(k => (int)k).ToArray();
        }

        Assert.IsGreaterThan(Predicted(0.01).Count(k => k == 1), Predicted(100).Count(k => k == 1));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Fit(new() { ClassWeights = [1, 2, 3] }, 40)).Message, "2 labels");
    }

    [TestMethod]
    public void Cancelling_the_context_ends_the_training()
    {
        var context = new MLContext();
        var trainer = context.MulticlassClassification.Trainers.PerceiverText(
            "Key",
            checkpoint: PerceiverCheckpoint.FromConfig(Config),
            training: new()
            {
                Epochs = 1000,
                BatchSize = 4,
                Progress = p =>
                {
                    if (p.Epoch == 2)
                        context.CancelExecution();
                },
            });
        using var model = trainer.Fit(Data(40));
        Assert.AreEqual(PerceiverTrainingStopReason.Cancelled, model.TrainingResult!.StopReason);
        // The best model so far is one that can be used.
        using var folder = new TemporaryFolder();
        Assert.HasCount(40, model.Transform(Data(40)).GetColumn<float[]>("Score").ToArray());
        model.SavePretrained(folder["checkpoint"]);
        context.Model.Save(model, Data(40).Schema, folder["model.zip"]);
        using var loaded = (PerceiverTextClassificationTransformer)new MLContext().Model.Load(folder["model.zip"], out _);
        CollectionAssert.AreEqual(
            model.Transform(Data(5)).GetColumn<float[]>("Score").First(), loaded.Transform(Data(5)).GetColumn<float[]>("Score").First());
    }

    [TestMethod]
    public void Cancelled_before_the_first_epoch_there_is_no_model()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => Fit(new() { CancellationToken = cancellation.Token }, 40));
    }

    [TestMethod]
    public void The_same_seed_gives_the_same_model_and_torchs_own_chance_is_left_alone()
    {
        using var scope = torch.NewDisposeScope();
        var state = torch.random.get_rng_state();
        using var a = Fit(new() { Epochs = 2, BatchSize = 4 }, 40);
        using var b = Fit(new() { Epochs = 2, BatchSize = 4 }, 40);
        using var c = Fit(new() { Epochs = 2, BatchSize = 4, Seed = 2 }, 40);
        Assert.IsTrue(state.equal(torch.random.get_rng_state()).all().item<bool>());
        var other = b.Model.state_dict();
        Assert.IsTrue(a.Model.state_dict().All(p => p.Value.equal(other[p.Key]).all().item<bool>()));
        Assert.IsFalse(c.Model.state_dict().All(p => p.Value.equal(other[p.Key]).all().item<bool>()));
    }

    [TestMethod]
    public void A_validation_set_is_used_whole()
    {
        var seen = new List<PerceiverTrainingProgress>();
        var trainer = _context.MulticlassClassification.Trainers.PerceiverText(
            "Key",
            checkpoint: PerceiverCheckpoint.FromConfig(Config),
            training: new() { Epochs = 1, BatchSize = 4, Progress = seen.Add },
            validationSet: Data(13));
        using var model = trainer.Fit(Data(40));
        var metrics = _context.MulticlassClassification.Evaluate(model.Transform(Data(13)), "Key");
        Assert.AreEqual(metrics.MicroAccuracy, seen[^1].ValidationMetrics!["Accuracy"], 1e-9);
        Assert.AreEqual(metrics.LogLoss, seen[^1].ValidationMetrics!["LogLoss"], 1e-5);
        Assert.AreEqual(10, seen[^1].Step);
    }

    [TestMethod]
    public void No_rows_are_an_error() =>
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Fit(new() { Epochs = 1 }, 0)).Message, "no rows");

    private PerceiverTextClassificationTransformer Fit(PerceiverTrainingOptions training, int rows) =>
        _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: training).Fit(Data(rows));

    private IDataView Data(int count)
    {
        var rows = Enumerable.Range(0, count).Select(
            i => new Row { Text = $"{(i % 2 == 0 ? "even" : "odd")} {i}", Label = i % 2 == 0 ? "even" : "odd" });
        var keys = _context.Data.LoadFromEnumerable([new Row { Text = "", Label = "even" }, new Row { Text = "", Label = "odd" }]);
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(keys).Transform(_context.Data.LoadFromEnumerable(rows));
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
