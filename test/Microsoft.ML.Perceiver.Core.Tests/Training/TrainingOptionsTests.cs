using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>Settings that cannot be met are refused by name before anything is trained, and those that decide do.</summary>
[TestClass]
public sealed class TrainingOptionsTests
{
    private static readonly PerceiverTrainingOptions Options = new() { Epochs = 60, BatchSize = 4, LearningRate = 0.05, WeightDecay = 0 };

    [TestMethod]
    public void One_cycle_begins_low_and_ends_lower()
    {
        double Factor(int step) => LearningRates.Factor(PerceiverLearningRateSchedule.OneCycle, step, 1000, 0.3);
        double[] factors = Enumerable.Range(0, 1000).Select(Factor).ToArray();
        Assert.AreEqual(1 / 25.0, factors[0], 1e-12);
        Assert.AreEqual((1 + 1 / 25.0) / 2, factors[150], 1e-9);
        Assert.AreEqual(1, factors[300], 1e-12);
        Assert.AreEqual(0.5, factors[650], 1e-5);
        Assert.IsLessThan(1e-5, factors[999]);
    }

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        void Refused(string name, PerceiverTrainingOptions options) =>
            Assert.AreEqual(name, Assert.ThrowsExactly<ArgumentOutOfRangeException>(options.Validate).ParamName);

        Refused("Epochs", new() { Epochs = 0 });
        Refused("BatchSize", new() { BatchSize = -1 });
        Refused("LearningRate", new() { LearningRate = double.PositiveInfinity });
        Refused("WeightDecay", new() { WeightDecay = -1 });
        Refused("WarmupFraction", new() { WarmupFraction = 1.1 });
        Refused("GradientClipNorm", new() { GradientClipNorm = 0 });
        Refused("LabelSmoothing", new() { LabelSmoothing = 1 });
        Refused("TokenDropout", new() { TokenDropout = -0.1 });
        Refused("WeightAverageDecay", new() { WeightAverageDecay = 1 });
        Refused("ValidationFraction", new() { ValidationFraction = 1 });
        Refused("EarlyStoppingPatience", new() { EarlyStoppingPatience = 0 });
        Refused("Schedule", new() { Schedule = (PerceiverLearningRateSchedule)9 });
        Refused("MaxDuration", new() { MaxDuration = TimeSpan.Zero });
        Refused("Optimizer", new() { Optimizer = (PerceiverOptimizer)9 });
        Refused("Beta1", new() { Beta1 = 1 });
        Refused("Beta2", new() { Beta2 = -0.1 });
        Refused("Epsilon", new() { Epsilon = 0 });
        Refused("GradientAccumulationSteps", new() { GradientAccumulationSteps = 0 });
        Refused("Precision", new() { Precision = PerceiverPrecision.Float16 });
        Refused("LearningRateFactors", new() { LearningRateFactors = new Dictionary<string, double> { ["perceiver"] = 0 } });
        Refused("FrozenEpochs", new() { FrozenEpochs = 0 });
        Refused("FrozenEpochs", new() { FrozenEpochs = 1 });
        Refused("ClassWeights", new() { ClassWeights = [1, -1] });
        Refused("BalanceClasses", new() { ClassWeights = [1, 2], BalanceClasses = true });
        Refused("EvaluateEverySteps", new() { EvaluateEverySteps = 0 });
        Refused("CheckpointEverySteps", new() { CheckpointEverySteps = 0, RunFolder = "x" });
        Refused("CheckpointEverySteps", new() { CheckpointEverySteps = 5 });
        Refused("RunFolder", new() { RunFolder = "" });
        using var empty = new LineObjective(rows: 0);
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverTrainer.Run(empty, Options));
    }

    [TestMethod]
    public void What_needs_validation_rows_is_refused_before_the_first_step()
    {
        void Refused(string what, LineObjective objective, PerceiverTrainingOptions options)
        {
            using (objective)
            {
                var error = Assert.ThrowsExactly<ArgumentException>(() => PerceiverTrainer.Run(objective, options));
                StringAssert.Contains(error.Message, what);
                Assert.IsEmpty(objective.Batches);
            }
        }

        Refused("'Beauty'; there are Score", new LineObjective(validation: [1]), Options with { MonitorMetric = "Beauty" });
        Refused("MonitorMetric", new LineObjective(), Options with { MonitorMetric = "Score" });
        Refused("EarlyStoppingPatience", new LineObjective(), Options with { EarlyStoppingPatience = 1 });
    }

    [TestMethod]
    public void What_an_objective_has_no_use_for_is_refused()
    {
        using var language = new PerceiverForMaskedLM(TinyModels.Config);
        using var text = new PerceiverForSequenceClassification(TinyModels.Config.WithLabels(["a", "b"]));
        using var image = PerceiverForImageClassification.Create(
            TinyModels.Config with
            {
                Architectures = [nameof(PerceiverForImageClassificationConvProcessing)],
                NumCrossAttentionHeads = 1,
                ModelChannels = 322,
            });
        void Refused(string what, Func<IPerceiverObjective> make) =>
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(make).Message, what);
        void Masked(string what, PerceiverTrainingOptions options) =>
            Refused(what, () => Language(language, options));

        Masked("ClassWeights", new() { ClassWeights = [1, 2] });
        Masked("BalanceClasses", new() { BalanceClasses = true });
        Masked("TokenDropout", new() { TokenDropout = 0.1 });
        foreach (var problem in (PerceiverProblemType[])[PerceiverProblemType.MultiLabel, PerceiverProblemType.Regression])
        {
            var smoothed = new PerceiverTrainingOptions { LabelSmoothing = 0.1 };
            PerceiverRows<PerceiverTextExample> rows = [new([4, 70, 5], [0, 1])];
            Refused("LabelSmoothing", () => new PerceiverTextClassificationObjective(text, problem, rows, [], smoothed));
        }

        var dropped = new PerceiverTrainingOptions { TokenDropout = 0.1 };
        Refused("TokenDropout", () => new PerceiverImageClassificationObjective(
            image, PerceiverProblemType.SingleLabel, [], [], new(), dropped));
    }

    [TestMethod]
    public void Masked_tokens_can_be_smoothed()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMaskedLM(TinyModels.Config with { AttentionDropout = 0 }, seed: 3);
        float Loss(double smoothing)
        {
            using var random = new PerceiverRandom(1);
            var options = new PerceiverTrainingOptions { LabelSmoothing = smoothing };
            return Language(model, options).Loss([0], random).item<float>();
        }

        // The smoothed loss is straight in the share: sharp loss and mean over all tokens, mixed.
        float sharp = Loss(0), spread = Loss(0.5) * 2 - sharp;
        Assert.AreNotEqual(sharp, spread);
        Assert.AreEqual(0.9f * sharp + 0.1f * spread, Loss(0.1), 1e-4f);
    }

    [TestMethod]
    public void The_metric_that_is_named_decides_which_weights_are_the_best()
    {
        // Overfitting on rows that say nothing of others: the log-loss of validation gets worse with confidence; accuracy is random.
        PerceiverTrainingOptions options = new() { Epochs = 12, BatchSize = 4, LearningRate = 0.01, Seed = 3 };
        PerceiverTrainingResult Fit(PerceiverTrainingOptions with)
        {
            using var model = new PerceiverForSequenceClassification(TinyModels.Config.WithLabels(["a", "b"]), seed: 2);
            var random = new Random(3);
            int[] Draw() => [4, .. Enumerable.Range(0, 9).Select(_ => random.Next(70, 90)), 5];
            PerceiverRows<PerceiverTextExample> Rows() =>
                [.. Enumerable.Range(0, 16).Select(_ => new PerceiverTextExample(Draw(), [random.Next(2)]))];
            var objective = new PerceiverTextClassificationObjective(model, PerceiverProblemType.SingleLabel, Rows(), Rows(), with);
            return PerceiverTrainer.Run(objective, with);
        }

        var byAccuracy = Fit(options);
        var byLoss = Fit(options with { MonitorMetric = "LogLoss" });
        double[] losses = byLoss.Evaluations.Select(e => e.ValidationMetrics!["LogLoss"]).ToArray();
        Assert.AreEqual(byLoss.Evaluations[Array.IndexOf(losses, losses.Min())].Step, byLoss.BestStep);
        CollectionAssert.AreEqual(losses, byAccuracy.Evaluations.Select(e => e.ValidationMetrics!["LogLoss"]).ToArray());
        Assert.AreNotEqual(byAccuracy.BestStep, byLoss.BestStep);
    }

    [TestMethod]
    public void A_fingerprint_tells_contents_targets_and_files()
    {
        using var text = new PerceiverForSequenceClassification(TinyModels.Config.WithLabels(["a", "b"]));
        string Of(int id, int label, string key = "TrainingData") =>
            new PerceiverTextClassificationObjective(
                text,
                PerceiverProblemType.SingleLabel,
                [new([4, 70, 5], [0]), new([4, id, 5], [label])],
                [new([4, id, 5], [1])],
                new()).Settings[key];
        Assert.AreEqual(Of(71, 1), Of(71, 1));
        Assert.AreNotEqual(Of(71, 1), Of(72, 1));
        Assert.AreNotEqual(Of(71, 1), Of(71, 0));
        Assert.AreEqual(Of(71, 1, "ValidationData"), Of(71, 0, "ValidationData"));
        Assert.AreNotEqual(Of(71, 1, "ValidationData"), Of(72, 1, "ValidationData"));

        using var image = PerceiverForImageClassification.Create(
            TinyModels.Config with
            {
                Architectures = [nameof(PerceiverForImageClassificationConvProcessing)],
                NumCrossAttentionHeads = 1,
                ModelChannels = 322,
            });
        string OfPixels(byte pixel) => new PerceiverImageClassificationObjective(
            image, PerceiverProblemType.SingleLabel, [new([1, 2, pixel], 3, 1, 1, [0])], [], new(), new()).Settings["TrainingData"];
        Assert.AreNotEqual(OfPixels(3), OfPixels(4));

        using var folder = new TemporaryFolder();
        using var language = new PerceiverForMaskedLM(TinyModels.Config);
        string OfFile(string content)
        {
            File.WriteAllText(folder["text"], content);
            var texts = PerceiverRows.Join(PerceiverTextRows.FromTokens([[4, 70, 5]]), PerceiverTextRows.FromFiles([folder["text"]], 12));
            return new PerceiverMaskedLanguageObjective(language, texts, PerceiverTextRows.FromTokens([]), new()).Settings["TrainingData"];
        }

        string whole = OfFile("Once upon a time, there");
        Assert.AreNotEqual(whole, OfFile("Once upon a time; there"));
        Assert.AreNotEqual(whole, OfFile("Once upon a time, there."));
        Assert.AreEqual(whole, OfFile("Once upon a time, there"));
    }

    private static PerceiverMaskedLanguageObjective Language(PerceiverForMaskedLM model, PerceiverTrainingOptions options) =>
        new(model, PerceiverTextRows.FromTokens([[4, 70, 71, 72, 5]]), PerceiverTextRows.FromTokens([]), options);
}
