using static Microsoft.ML.Perceiver.Tests.Training.SentenceTexts;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class SentencePairTests
{
    private static readonly PerceiverTrainingOptions Options = new() { Epochs = 15, BatchSize = 8, LearningRate = 5e-3 };

    [TestMethod]
    public void Contrastive_loss_and_gradients_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        PerceiverSentencePair[] pairs = [Pair("red", "house"), Pair("sea", "it runs"), Pair("OK", "é 7"), Pair("house", "sea sea")];
        var objective = new PerceiverContrastiveObjective(model, [.. pairs], [], Options, temperature: 0.2);
        var actual = Backward(objective, 0, 1, 2, 3);
        var cosines = Cosines(model, pairs);
        var losses = new List<Tensor>();
        for (int i = 0; i < 4; i++)
        {
            var row = stack(cosines[i]) / 0.2;
            var column = stack([.. cosines.Select(r => r[i])]) / 0.2;
            losses.Add(row.exp().sum().log() - row[i]);
            losses.Add(column.exp().sum().log() - column[i]);
        }

        AssertSame(Backward(stack(losses).mean(), model), actual);
        AssertFiniteDifference(objective, 0, 1, 2, 3);
    }

    [TestMethod]
    public void Pairs_with_an_equal_text_are_no_negatives_of_each_other()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        PerceiverSentencePair[] pairs = [Pair("red", "house"), Pair("red", "it runs"), Pair("OK", "é 7")];
        var objective = new PerceiverContrastiveObjective(model, [.. pairs], [], Options, temperature: 0.2);
        var actual = Backward(objective, 0, 1, 2);
        var cosines = Cosines(model, pairs);
        int[][] others = [[0, 2], [1, 2], [0, 1, 2]];
        var losses = new List<Tensor>();
        for (int i = 0; i < 3; i++)
        {
            losses.Add(stack([.. others[i].Select(j => cosines[i][j] / 0.2)]).exp().sum().log() - cosines[i][i] / 0.2);
            losses.Add(stack([.. others[i].Select(j => cosines[j][i] / 0.2)]).exp().sum().log() - cosines[i][i] / 0.2);
        }

        AssertSame(Backward(stack(losses).mean(), model), actual);
    }

    [TestMethod]
    public void Contrastive_learning_finds_the_other_text_of_a_pair()
    {
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        string[] first = ["red", "house", "7", "sea", "OK", "run", "fly", "eat"];
        string[] second = ["rot", "haus", "vii", "meer", "ja", "lauf", "flieg", "iss"];
        var all = Enumerable.Range(0, 64).Select(i => Pair($"{first[i % 8]} {i / 8}", $"{second[i % 8]} {i / 8 + 1}")).ToArray();
        var options = Options with { Epochs = 40 };
        var objective = new PerceiverContrastiveObjective(model, [.. all], [.. all[..16]], options);
        Assert.AreEqual("Accuracy,LogLoss", string.Join(',', objective.Metrics.Select(m => m.Name)));
        var before = objective.Evaluate(default);
        PerceiverTrainer.Run(objective, options);
        var after = objective.Evaluate(default);
        Assert.IsGreaterThan(0.7, after["Accuracy"]);
        Assert.IsLessThan(before["LogLoss"], after["LogLoss"]);
    }

    [TestMethod]
    public void Similarity_loss_and_gradients_are_those_of_the_formula()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        PerceiverSentencePair[] pairs = [Pair("red", "house", 1), Pair("sea", "it runs", 5), Pair("OK", "é 7", 2.5f)];
        var objective = new PerceiverSimilarityObjective(model, [.. pairs], [], Options, least: 1, greatest: 5);
        var actual = Backward(objective, 0, 1, 2);
        var cosines = Cosines(model, pairs);
        double[] targets = [0, 1, 0.375];
        var losses = targets.Select((target, i) => (cosines[i][i] - target).square()).ToArray();
        AssertSame(Backward(stack(losses).mean(), model), actual);
        AssertFiniteDifference(objective, 0, 1, 2);
    }

    [TestMethod]
    public void Similarity_is_learnt_and_its_errors_are_in_the_labels_unit()
    {
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, seed: 1);
        var random = new Random(3);
        string[] words = ["red", "house", "7", "sea"];
        var all = Enumerable.Range(0, 150).Select(_ =>
        {
            int a = random.Next(4), b = random.Next(2) == 0 ? a : random.Next(4);
            return Pair($"{words[a]} {random.Next(10)}", $"{words[b]} {random.Next(10)}", a == b ? 5 : 1);
        }).ToArray();
        var options = Options with { Epochs = 10, TokenDropout = 0.01 };
        var objective = new PerceiverSimilarityObjective(model, [.. all[..120]], [.. all[120..]], options, 1, 5);
        Assert.AreEqual("RootMeanSquaredError", objective.Metrics[0].Name);
        PerceiverTrainer.Run(objective, options);
        var after = objective.Evaluate(default);
        Assert.IsLessThan(1.2, after["RootMeanSquaredError"]);
        Assert.IsGreaterThan(0.6, after["PairCorrelation"]);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        double squares = all[120..].Average(p => Math.Pow(1 + 4 * Cosines(model, [p])[0][0].item<float>() - p.Similarity, 2));
        Assert.AreEqual(Math.Sqrt(squares), after["RootMeanSquaredError"], 1e-4);
    }

    [TestMethod]
    public void What_does_not_fit_is_named()
    {
        using var model = new PerceiverForSentenceEmbedding(EncoderConfig, initialize: false);
        PerceiverRows<PerceiverSentencePair> rows = [Pair("a", "b")];
        foreach (double temperature in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => new PerceiverContrastiveObjective(model, rows, [], Options, temperature));
        }

        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverContrastiveObjective(model, rows, [], Options with { BatchSize = 1 }));
        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverSimilarityObjective(model, rows, [], Options with { LabelSmoothing = 0.1 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverSimilarityObjective(model, rows, [], Options, 1, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverSimilarityObjective(model, rows, [], Options, double.NaN, 1));
    }

    [TestMethod]
    public void Fingerprints_tell_pairs_and_their_numbers_apart()
    {
        string Of(PerceiverSentencePair pair) => ((PerceiverRows<PerceiverSentencePair>)[pair]).Fingerprint();
        string first = Of(Pair("a", "b", 1));
        Assert.AreEqual(first, Of(Pair("a", "b", 1)));
        Assert.AreNotEqual(first, Of(Pair("a", "b", 2)));
        Assert.AreNotEqual(first, Of(Pair("b", "a", 1)));
    }

    private static PerceiverSentencePair Pair(string first, string second, float similarity = 1) =>
        new(Ids(first), Ids(second), similarity);

    /// <summary>The cosine of each first text with each second one, each text by itself.</summary>
    private static Tensor[][] Cosines(PerceiverForSentenceEmbedding model, PerceiverSentencePair[] pairs)
    {
        Tensor Vector(int[] ids) => model.forward(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0)).Embeddings[0];
        Tensor[] second = [.. pairs.Select(p => Vector(p.Second))];
        return [.. pairs.Select(p => Vector(p.First)).Select(f => second.Select(s => f.dot(s)).ToArray())];
    }
}
