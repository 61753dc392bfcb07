using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.AutoML.Tests;

/// <summary>The parts of the trial runner.</summary>
[TestClass]
public sealed class TrialPartsTests
{
    [TestMethod]
    public void The_smallest_loss_is_kept_and_others_go_when_they_may()
    {
        var models = new TrialModels();
        var (a, b, c, d) = (new Model(), new Model(), new Model(), new Model());
        models.Add(a, 0.5);
        models.Add(b, 0.7);
        Assert.IsFalse(b.IsDisposed, "the experiment has not seen it yet");
        models.DisposeLost();
        models.Add(c, 0.3);
        models.Add(d, double.NaN);
        models.DisposeLost();
        Assert.AreEqual((true, true, false, true), (a.IsDisposed, b.IsDisposed, c.IsDisposed, d.IsDisposed));
    }

    [TestMethod]
    public void Too_much_memory_ends_a_trial()
    {
        var options = new PerceiverTrialOptions();
        var small = new TrialWatch(7, 0, options, new TrialJudge(options), maxMemoryMegabytes: 1);
        var error = Assert.ThrowsExactly<InsufficientMemoryException>(() => small.Look(Epoch(1, 0.5)));
        StringAssert.Contains(error.Message, "Trial 7");
        new TrialWatch(7, 0, options, new TrialJudge(options), maxMemoryMegabytes: 1e6).Look(Epoch(1, 0.5));
    }

    [TestMethod]
    public void Each_fold_is_judged_by_itself_and_by_the_metric_that_was_named()
    {
        var judge = new TrialJudge(new PerceiverTrialOptions { StartupTrials = 1, WarmupEpochs = 0, PruningMetric = "Accuracy" });
        Assert.IsFalse(judge.IsHopeless(0, 0, Epoch(1, 0.9)));
        Assert.IsTrue(judge.IsHopeless(1, 0, Epoch(1, 0.5)));
        Assert.IsFalse(judge.IsHopeless(1, 1, Epoch(1, 0.5)));
        var none = new TrialJudge(new PerceiverTrialOptions { PruningMetric = "Luck" });
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => none.IsHopeless(0, 0, Epoch(1, 1))).Message, "Luck");
        var off = new TrialJudge(new PerceiverTrialOptions { StartupTrials = 1, WarmupEpochs = 0, Prune = false });
        Assert.IsFalse(off.IsHopeless(0, 0, Epoch(1, double.NaN)));
    }

    [TestMethod]
    [DataRow("Accuracy", 0.9, 0.5)]
    [DataRow("RootMeanSquaredError", 0.5, 0.9)]
    public void Without_a_name_the_problems_own_metric_judges(string metric, double good, double bad)
    {
        var judge = new TrialJudge(new PerceiverTrialOptions { StartupTrials = 1, WarmupEpochs = 0 });
        PerceiverTrainingProgress With(double value) =>
            Epoch(1, 0) with { ValidationMetrics = new Dictionary<string, double> { [metric] = value } };
        Assert.IsFalse(judge.IsHopeless(0, 0, With(good)));
        Assert.IsFalse(judge.IsHopeless(1, 0, With(good)));
        Assert.IsTrue(judge.IsHopeless(2, 0, With(bad)));
    }

    [TestMethod]
    public void Wrong_options_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverTrialOptions { StartupTrials = 0 }.Validate());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverTrialOptions { WarmupEpochs = -1 }.Validate());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverTrialOptions { MaxTrialDuration = TimeSpan.Zero }.Validate());
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverTrialOptions { PruningMetric = "" }.Validate());
    }

    private static PerceiverTrainingProgress Epoch(int epoch, double accuracy) => new()
    {
        Epoch = epoch,
        Epochs = 5,
        Step = epoch,
        Steps = 5,
        TrainingLoss = 1,
        StepLoss = 1,
        GradientNorm = 1,
        LearningRate = 1,
        RowsPerSecond = 1,
        Elapsed = TimeSpan.FromSeconds(1),
        IsEpochEnd = true,
        ValidationMetrics = new Dictionary<string, double> { ["Accuracy"] = accuracy, ["LogLoss"] = 1 - accuracy },
    };

    private sealed class Model : ITransformer, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public bool IsRowToRowMapper => false;

        public void Dispose() => IsDisposed = true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;
    }
}
