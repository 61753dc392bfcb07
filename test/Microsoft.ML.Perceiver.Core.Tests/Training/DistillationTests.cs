using static Microsoft.ML.Perceiver.Tests.Training.SentenceTexts;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class DistillationTests
{
    private static readonly PerceiverTrainingOptions Options = TinyRun.Options;

    [TestMethod]
    [DataRow(1.0, 0.0)]
    [DataRow(0.0, 2.0)]
    [DataRow(0.5, 0.25)]
    public void The_loss_and_its_gradients_are_those_of_the_formula(double cosine, double squared)
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        var rows = Examples(5, 2, Dimension);
        var objective = Objective(model, rows, new() { CosineWeight = cosine, SquaredErrorWeight = squared });
        var actual = Backward(objective, 0, 1, 2, 3, 4);

        // Each text by itself.
        var losses = rows.Select(row =>
        {
            var weights = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
            var pooled = model.Perceiver.Encode(tensor(row.Ids.Select(id => (long)id).ToArray()).unsqueeze(0)).mean([1]);
            var projected = (pooled.matmul(weights["projection.weight"].t()) + weights["projection.bias"])[0];
            var target = tensor(row.Vectors[0]);
            var direction = target / target.square().sum().sqrt();
            var angle = 1 - projected.dot(direction) / projected.square().sum().sqrt();
            return cosine * angle + squared * (projected - direction).square().sum();
        }).ToArray();
        AssertSame(Backward(stack(losses).mean(), model), actual);
        AssertFiniteDifference(objective, 0, 1, 2, 3, 4);
    }

    [TestMethod]
    public void Each_teacher_adds_its_loss_by_its_weight()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        var rows = Examples(5, 2, Dimension, 4, 3);
        var both = Objective(model, rows, new() { SquaredErrorWeight = 0.5, TeacherWeights = [1, 0, 2] });
        PerceiverSentenceExample[] ofFirst = [.. rows.Select(r => new PerceiverSentenceExample(r.Ids, r.Vectors[0]))];
        var first = Objective(model, ofFirst, new() { SquaredErrorWeight = 0.5 });
        var third = Objective(model, rows, new() { SquaredErrorWeight = 0.5, TeacherWeights = [0, 0, 1] });
        double expected = Backward(first, 0, 1).Loss + 2 * Backward(third, 0, 1).Loss;
        Assert.AreEqual(expected, Backward(both, 0, 1).Loss, 1e-5 * expected);
        string[] names = [.. both.Model.named_parameters().Select(p => p.name)];
        string[] heads = [.. names.Where(n => n.StartsWith("teachers.", StringComparison.Ordinal))];
        CollectionAssert.AreEqual(new[] { "teachers.0.weight", "teachers.0.bias", "teachers.1.weight", "teachers.1.bias" }, heads);
        AssertFiniteDifference(both, 0, 1, 2);
        Assert.AreEqual(ParameterRole.Output, ParameterRoles.Of(both.Model)["teachers.1.weight"]);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void It_learns_and_keeps_no_head_of_a_teacher(bool twoTeachers)
    {
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        string[] keys = [.. model.state_dict().Keys];
        var rows = twoTeachers ? Examples(90, 2, Dimension, 4) : Examples(90, 2, Dimension);
        var options = Options with { Epochs = 12, LearningRate = 5e-3, TokenDropout = 0.02 };
        var objective = new PerceiverDistillationObjective(model, [.. rows[..70]], [.. rows[70..]], options);
        Assert.AreEqual("Cosine,PairCorrelation", string.Join(',', objective.Metrics.Select(m => m.Name)));
        var before = objective.Evaluate(default);
        PerceiverTrainer.Run(objective, options);
        var after = objective.Evaluate(default);
        Assert.IsGreaterThan(before["Cosine"] + 0.3, after["Cosine"]);
        Assert.IsGreaterThan(0.8, after["Cosine"]);
        Assert.IsGreaterThan(0.6, after["PairCorrelation"]);
        CollectionAssert.AreEqual(keys, model.state_dict().Keys.ToArray());

        // The cosine, counted again text by text.
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        double sum = rows[70..].Sum(row =>
        {
            var vector = model.forward(tensor(row.Ids.Select(id => (long)id).ToArray()).unsqueeze(0)).Embeddings[0];
            var target = tensor(row.Vectors[0]);
            return (vector.dot(target) / target.square().sum().sqrt()).item<float>();
        });
        Assert.AreEqual(sum / 20, after["Cosine"], 1e-5);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_resumed_training_ends_with_the_weights_of_an_undisturbed_one(bool twoTeachers)
    {
        using var folder = new TemporaryFolder();
        var whole = Train(Options with { RunFolder = folder["whole"] }, twoTeachers, out _);
        var parted = Options with { RunFolder = folder["parts"] };
        Train(parted with { Progress = p => { if (p.Step == 5) p.Stop(); } }, twoTeachers, out var stopped);
        Assert.AreEqual(PerceiverTrainingStopReason.Stopped, stopped.StopReason);
        TinyRun.AssertSame(whole, Train(parted, twoTeachers, out var end));
        Assert.AreEqual(PerceiverTrainingStopReason.Completed, end.StopReason);
        CollectionAssert.AreEqual(TinyRun.Steps(folder["whole"]), TinyRun.Steps(folder["parts"]));

        // Other losses are another training.
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 5);
        var rows = twoTeachers ? Examples(26, 2, Dimension, 4) : Examples(26, 2, Dimension);
        var other = new PerceiverDistillationObjective(model, [.. rows[..20]], [.. rows[20..]], parted, new() { SquaredErrorWeight = 1 });
        Assert.ThrowsExactly<InvalidOperationException>(() => PerceiverTrainer.Run(other, parted));
    }

    [TestMethod]
    public void What_does_not_fit_is_named()
    {
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, initialize: false);
        StringAssert.Contains(Error(Examples(2, 1, Dimension + 1)), "vectors of 7 numbers; the model gives 6");
        StringAssert.Contains(Error([new PerceiverSentenceExample([4, 5])]), "no vector");
        StringAssert.Contains(Error([]), "no training texts");
        StringAssert.Contains(Error(Examples(2, 1, Dimension), new() { TeacherWeights = [1, 1] }), "1 teachers, and 2 weights");
        foreach (var wrong in new PerceiverDistillationOptions[]
        {
            new() { CosineWeight = -1 }, new() { CosineWeight = 0 }, new() { SquaredErrorWeight = double.NaN },
            new() { TeacherWeights = [0] }, new() { Augmentation = new() { TypoRate = 2 } },
            new() { Augmentation = new() { KeptShare = 0 } },
        })
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Objective(model, Examples(2, 1, Dimension), wrong));
        }

        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverDistillationObjective(
            model, [.. Examples(2, 1, Dimension)], [], Options with { LabelSmoothing = 0.1 }));

        string Error(PerceiverSentenceExample[] rows, PerceiverDistillationOptions? distillation = null) =>
            Assert.ThrowsExactly<ArgumentException>(() => Objective(model, rows, distillation)).Message;
    }

    [TestMethod]
    [DataRow(new double[] { 1, 2, 3, 4 }, new double[] { 10, 20, 25, 90 }, 1)]
    [DataRow(new double[] { 1, 2, 3, 4 }, new double[] { 4, 3, 2, 1 }, -1)]
    [DataRow(new double[] { 1, 2, 2, 4 }, new double[] { 1, 3, 2, 4 }, 0.9486832980505138)]
    [DataRow(new double[] { 1, 1, 1 }, new double[] { 1, 2, 3 }, 0)]
    public void The_correlation_is_that_of_ranks(double[] first, double[] second, double expected) =>
        Assert.AreEqual(expected, RankCorrelation.Spearman(first, second), 1e-12);

    private static PerceiverDistillationObjective Objective(
        PerceiverForSentenceEmbedding model, PerceiverSentenceExample[] rows, PerceiverDistillationOptions? distillation) =>
        new(model, [.. rows], [], Options, distillation);

    private static Dictionary<string, Tensor> Train(PerceiverTrainingOptions options, bool twoTeachers, out PerceiverTrainingResult result)
    {
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 5);
        var rows = twoTeachers ? Examples(26, 2, Dimension, 4) : Examples(26, 2, Dimension);
        var distillation = new PerceiverDistillationOptions { Augmentation = new() { TypoProbability = 0.7, CutProbability = 0.5 } };
        var objective = new PerceiverDistillationObjective(model, [.. rows[..20]], [.. rows[20..]], options, distillation);
        result = PerceiverTrainer.Run(objective, options);
        return TinyRun.Copy(model);
    }
}
