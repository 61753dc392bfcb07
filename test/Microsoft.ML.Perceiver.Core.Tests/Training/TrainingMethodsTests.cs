using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class TrainingMethodsTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { AttentionDropout = 0 };

    [TestMethod]
    public void AdamW_takes_the_steps_of_torchs_own()
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions { LearningRate = 0.01, WeightDecay = 0.1, Beta2 = 0.98 };
        var start = Draw(4, 3);
        var (ours, theirs) = (new Parameter(start.clone()), new Parameter(start.clone()));
        using var optimizer = new TrainingOptimizer([new TrainedParameter("w", ours, null, ParameterRole.Hidden, rateFactor: 1)], options);
        using var reference = optim.AdamW([theirs], 0.01, 0.9, 0.98, 1e-8, 0.1);
        for (int i = 0; i < 5; i++)
        {
            ours.grad = Draw(4, 3, i);
            theirs.grad = Draw(4, 3, i);
            optimizer.Step(0.01);
            reference.step();
        }

        Assert.IsLessThan(1e-6f, TinyModels.MaxDifference(ours, theirs));
        Assert.IsGreaterThan(0.01f, TinyModels.MaxDifference(ours, start));
    }

    [TestMethod]
    public void Lamb_takes_steps_as_long_as_the_layer()
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions { Optimizer = PerceiverOptimizer.Lamb, WeightDecay = 0.1 };
        var start = Draw(4, 3) * 5;
        var (matrix, bias) = (new Parameter(start.clone()), new Parameter(start[0].clone()));
        using var optimizer = new TrainingOptimizer(
            [
                new TrainedParameter("w", matrix, null, ParameterRole.Hidden, rateFactor: 1),
                new TrainedParameter("b", bias, null, ParameterRole.Bias, rateFactor: 1),
            ],
            options);
        var gradient = Draw(4, 3, 1);
        matrix.grad = gradient.clone();
        bias.grad = gradient[0].clone();
        optimizer.Step(0.01);
        // The first step's moments are the gradient and its square, so the direction is its sign, and the decay.
        var direction = gradient.sign() + 0.1 * start;
        var expected = start - 0.01 * (start.norm() / direction.norm()) * direction;
        Assert.IsLessThan(1e-5f, TinyModels.MaxDifference(expected, matrix));
        Assert.AreEqual(0.01f, ((matrix - start).norm() / start.norm()).item<float>(), 1e-5f);
        Assert.IsLessThan(1e-5f, TinyModels.MaxDifference(start[0] - 0.01 * gradient[0].sign(), bias));
    }

    [TestMethod]
    public void Lamb_learns()
    {
        using var objective = new LineObjective();
        PerceiverTrainer.Run(objective, new PerceiverTrainingOptions
        {
            Optimizer = PerceiverOptimizer.Lamb,
            Epochs = 100,
            BatchSize = 4,
            LearningRate = 0.05,
            WeightDecay = 0,
        });
        Assert.AreEqual(1.8f, objective.Weight, 0.1f);
    }

    [TestMethod]
    [DataRow(6, 4)]
    [DataRow(4, 6)]
    public void Muon_goes_about_as_far_in_every_direction(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions { Optimizer = PerceiverOptimizer.Muon, WeightDecay = 0.1 };
        var start = Draw(rows, columns);
        var (matrix, other, bias) = (new Parameter(start.clone()), new Parameter(start.clone()), new Parameter(start[0].clone()));
        using var optimizer = new TrainingOptimizer(
            [
                new TrainedParameter("w", matrix, null, ParameterRole.Hidden, rateFactor: 1),
                new TrainedParameter("v", other, null, ParameterRole.Hidden, rateFactor: 0.5),
                new TrainedParameter("b", bias, null, ParameterRole.Bias, rateFactor: 1),
            ],
            options);
        // Directions of very different strength, and two matrices of one shape in one step.
        var (u, _, vh) = linalg.svd(Draw(rows, columns, 1), fullMatrices: false);
        var gradient = (u * tensor(new[] { 10f, 1f, 0.5f, 0.2f })).matmul(vh);
        matrix.grad = gradient.clone();
        other.grad = -gradient;
        bias.grad = gradient[0].clone();
        optimizer.Step(0.01);

        var reached = u.mT.matmul((0.999 * start - matrix) / 0.01).matmul(vh.mT) / (0.2 * Math.Sqrt(6));
        var strengths = reached.diag();
        Assert.IsGreaterThan(0.6f, strengths.min().item<float>());
        Assert.IsLessThan(1.25f, strengths.max().item<float>());
        Assert.IsLessThan(1e-3f, (reached - strengths.diag()).abs().max().item<float>());
        Assert.IsLessThan(1e-5f, TinyModels.MaxDifference(0.9995 * start - other, 0.5 * (matrix - 0.999 * start)));
        // What is no matrix takes AdamW's first step: the sign.
        Assert.IsLessThan(1e-5f, TinyModels.MaxDifference(start[0] - 0.01 * gradient[0].sign(), bias));
    }

    [TestMethod]
    public void Accumulated_batches_make_the_step_of_one_large_batch()
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 8, LearningRate = 0.01, GradientClipNorm = null };
        var (_, whole) = Fit(options);
        var (result, parts) = Fit(options with { BatchSize = 2, GradientAccumulationSteps = 4 });
        // The rows of a step are others, as the batches are drawn by size; with one step an epoch they are all.
        Assert.AreEqual(1, result.Evaluations[^1].Step);
        // AdamW's first step is as long for a gradient that is all rounding as for any other, so that single weights may differ by any
        // step; few do.
        var (step, difference) = MeanStep(whole, parts);
        Assert.IsLessThan(1e-3 * step, difference);
    }

    [TestMethod]
    public void Frozen_parts_stay_until_their_epochs_are_over()
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions
        {
            Epochs = 1,
            BatchSize = 4,
            LearningRate = 0.01,
            FrozenParts = ["perceiver.encoder", "perceiver.embeddings"],
        };
        var start = Weights(Model());
        static bool Frozen(string name) =>
            name.StartsWith("perceiver.encoder.", StringComparison.Ordinal)
            || name.StartsWith("perceiver.embeddings.", StringComparison.Ordinal);
        void Check(bool unfrozen, Dictionary<string, Tensor> end)
        {
            foreach (var (name, value) in start.Where(p => !p.Key.EndsWith("key.bias", StringComparison.Ordinal)))
                Assert.AreEqual(!Frozen(name) || unfrozen, TinyModels.MaxDifference(value, end[name]) > 0, name);
        }

        Check(unfrozen: false, Fit(options).Weights);
        Check(unfrozen: false, Fit(options with { Epochs = 2, FrozenEpochs = 2 }).Weights);
        Check(unfrozen: true, Fit(options with { Epochs = 2, FrozenEpochs = 1 }).Weights);
    }

    [TestMethod]
    public void Parts_learn_at_their_own_rates()
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 8, LearningRate = 0.01, WeightDecay = 0, WarmupFraction = 0 };
        var start = Weights(Model());
        var (_, even) = Fit(options);
        var (_, uneven) = Fit(options with
        {
            LearningRateFactors = new Dictionary<string, double> { ["perceiver"] = 0.5, ["perceiver.encoder.self_attends.0"] = 0.1 },
        });
        void Check(string name, double factor) => Assert.AreEqual(
            factor, TinyModels.MaxDifference(start[name], uneven[name]) / TinyModels.MaxDifference(start[name], even[name]), 0.01, name);
        Check("perceiver.encoder.self_attends.0.mlp.dense1.weight", 0.1);
        Check("perceiver.encoder.self_attends.1.mlp.dense1.weight", 0.5);
        Check("perceiver.decoder.decoder.final_layer.weight", 0.5);
    }

    [TestMethod]
    public void A_part_that_is_none_is_named()
    {
        var options = new PerceiverTrainingOptions { FrozenParts = ["perceiver.enc"] };
        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(options));
        StringAssert.Contains(error.Message, "'perceiver.enc'");
        StringAssert.Contains(error.Message, "perceiver.encoder");
        Assert.ThrowsExactly<ArgumentException>(() => Fit(new() { FrozenParts = ["perceiver"] }));
        var factors = new Dictionary<string, double> { ["nothing"] = 1 };
        Assert.ThrowsExactly<ArgumentException>(() => Fit(new() { LearningRateFactors = factors }));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.2)]
    public void Recomputed_layers_give_the_same_weights(double dropout)
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 4, LearningRate = 0.01 };
        var config = Config with { AttentionDropout = dropout };
        var (_, remembered) = Fit(options, config);
        var (_, recomputed) = Fit(options with { RecomputeActivations = true }, config);
        foreach (var (name, value) in remembered)
            Assert.IsLessThan(1e-6f, TinyModels.MaxDifference(value, recomputed[name]), name);
        // What is below a frozen stack of inputs still learns.
        var frozen = options with
        {
            FrozenParts = ["perceiver.embeddings", "perceiver.input_preprocessor", "perceiver.encoder.cross_attention"],
        };
        var (_, a) = Fit(frozen, config);
        var (_, b) = Fit(frozen with { RecomputeActivations = true }, config);
        const string layer = "perceiver.encoder.self_attends.0.mlp.dense1.weight";
        Assert.IsLessThan(1e-6f, TinyModels.MaxDifference(a[layer], b[layer]));
        Assert.IsGreaterThan(1e-3f, TinyModels.MaxDifference(Weights(Model(config))[layer], b[layer]));
    }

    [TestMethod]
    public void Reduced_precision_learns_and_leaves_full_weights()
    {
        using var scope = NewDisposeScope();
        var options = new PerceiverTrainingOptions { Epochs = 4, BatchSize = 4, LearningRate = 1e-3 };
        var (_, full) = Fit(options);
        var (result, reduced) = Fit(options with { Precision = PerceiverPrecision.BFloat16 });
        // No weight can go further than the sum of the rates, 8e-3, wherever it goes. On average they go the same way but for a few
        // percent: bfloat16 rounds by 2^-8 of a number, some twenty layers one after the other by sqrt(20) times that. Rows in another
        // order make more than a whole step.
        var (step, difference) = MeanStep(full, reduced);
        Assert.IsLessThan(0.25 * step, difference);
        var (_, reordered) = MeanStep(full, Fit(options with { Seed = 77 }).Weights);
        Assert.IsGreaterThan(0.5 * step, reordered);
        // Steps of a thousandth are lost in bfloat16 weights near one; the weights behind them keep them.
        var scale = reduced["perceiver.encoder.cross_attention.layernorm.weight"];
        Assert.IsGreaterThan(0, scale.ne(scale.to(ScalarType.BFloat16).to(ScalarType.Float32)).sum().item<long>());
        Assert.IsGreaterThan(0, result.BestStep);
    }

    [TestMethod]
    public void Evaluations_between_epochs_can_hold_the_best_weights()
    {
        using var objective = new LineObjective(validation: [1, 9, 3, 2]);
        var seen = new List<long>();
        var result = PerceiverTrainer.Run(objective, new PerceiverTrainingOptions
        {
            Epochs = 1,
            BatchSize = 4,
            LearningRate = 0.05,
            EvaluateEverySteps = 2,
            EarlyStoppingPatience = 3,
            Progress = p =>
            {
                if (p.ValidationMetrics is not null)
                    seen.Add(p.Step);
            },
        });
        CollectionAssert.AreEqual(new long[] { 2, 4, 5 }, seen);
        Assert.AreEqual(4, result.BestStep);
        Assert.AreEqual(1, result.BestEpoch);
        Assert.HasCount(3, result.Evaluations);
        Assert.HasCount(1, result.Epochs);
        Assert.AreEqual(objective.WeightsAtEvaluation[1], objective.Weight);
    }

    [TestMethod]
    public void A_callback_can_stop_the_run()
    {
        using var objective = new LineObjective(validation: [1, 2, 3]);
        var result = PerceiverTrainer.Run(objective, new PerceiverTrainingOptions
        {
            Epochs = 100,
            BatchSize = 4,
            LearningRate = 0.05,
            Progress = p =>
            {
                if (p.Step == 12)
                    p.Stop();
            },
        });
        Assert.AreEqual(PerceiverTrainingStopReason.Stopped, result.StopReason);
        Assert.AreEqual(2, result.BestEpoch);
        Assert.AreEqual(objective.WeightsAtEvaluation[1], objective.Weight);
        result.Epochs[0].Stop();
    }

    [TestMethod]
    public void Class_weights_weigh_the_loss()
    {
        using var scope = NewDisposeScope();
        var logits = Draw(3, 2);
        var labels = tensor(new long[] { 0, 1, 1 });
        var weights = tensor(new float[] { 3, 1 });
        var each = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None);
        float expected = ((each[0] * 3 + each[1] + each[2]) / 5).item<float>();
        var weighted = ClassificationLoss.Compute(logits, labels, PerceiverProblemType.SingleLabel, classWeights: weights);
        Assert.AreEqual(expected, weighted.item<float>(), 1e-6f);

        float[][] rows = [[0], [0], [0], [1]];
        var balanced = ClassBalance.Weights(new() { BalanceClasses = true }, PerceiverProblemType.SingleLabel, 2, rows)!;
        Assert.AreEqual(4 / 6.0, balanced[0], 1e-12);
        Assert.AreEqual(2.0, balanced[1], 1e-12);
        double[]? Weigh(PerceiverTrainingOptions options, PerceiverProblemType problem, int labels) =>
            ClassBalance.Weights(options, problem, labels, rows);
        CollectionAssert.AreEqual(new[] { 1.0, 2 }, Weigh(new() { ClassWeights = [1, 2] }, PerceiverProblemType.MultiLabel, 2));
        Assert.IsNull(ClassBalance.Weights(new(), PerceiverProblemType.SingleLabel, 2, rows));
        Assert.ThrowsExactly<ArgumentException>(() => Weigh(new() { ClassWeights = [1, 2] }, PerceiverProblemType.SingleLabel, 3));
        Assert.ThrowsExactly<ArgumentException>(() => Weigh(new() { ClassWeights = [1] }, PerceiverProblemType.Regression, 1));
        Assert.ThrowsExactly<ArgumentException>(() => Weigh(new() { BalanceClasses = true }, PerceiverProblemType.MultiLabel, 2));
    }

    private static Tensor Draw(long rows, long columns, long seed = 0)
    {
        using var generator = new Generator((ulong)seed + 1, CPU);
        return randn(rows, columns, generator: generator);
    }

    private static PerceiverForSequenceClassification Model(PerceiverConfig? config = null) =>
        new((config ?? Config).WithLabels(["a", "b"]), seed: 2);

    private static Dictionary<string, Tensor> Weights(PerceiverForSequenceClassification model) =>
        model.state_dict().ToDictionary(p => p.Key, p => p.Value.detach().clone());

    /// <summary>
    /// How far a training went from the first weights on average, and how far from another one. Keys' biases have no gradient but rounding.
    /// </summary>
    private static (double Step, double Difference) MeanStep(Dictionary<string, Tensor> end, Dictionary<string, Tensor> other)
    {
        var start = Weights(Model());
        string[] names = [.. start.Keys.Where(name => !name.EndsWith("key.bias", StringComparison.Ordinal))];
        double Mean(Dictionary<string, Tensor> from) =>
            cat([.. names.Select(name => (end[name] - from[name]).abs().flatten())]).mean().item<float>();
        return (Mean(start), Mean(other));
    }

    private static (PerceiverTrainingResult Result, Dictionary<string, Tensor> Weights) Fit(
        PerceiverTrainingOptions options, PerceiverConfig? config = null)
    {
        using var model = Model(config);
        var random = new Random(3);
        var rows = Enumerable.Range(0, 8)
            .Select(i => new PerceiverTextExample([4, .. Enumerable.Range(0, 9).Select(_ => random.Next(70, 90)), 5], [i % 2]))
            .ToArray();
        var objective = new PerceiverTextClassificationObjective(model, PerceiverProblemType.SingleLabel, [.. rows], [], options);
        var result = PerceiverTrainer.Run(objective, options);
        return (result, Weights(model));
    }
}
