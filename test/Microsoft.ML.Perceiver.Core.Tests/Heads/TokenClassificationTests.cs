using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

[TestClass]
public sealed class TokenClassificationTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config.WithLabels(["O", "B-A", "I-A"]);

    [TestMethod]
    public void Scores_of_a_word_are_the_mean_of_those_of_its_bytes()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForTokenClassification(Config, seed: 1);
        var example = PerceiverTokenExample.FromWords(["no", "é!", "x"], [0, 1, 2], 20);
        var ids = tensor(example.Ids.Select(id => (long)id).ToArray()).unsqueeze(0);
        var words = tensor(example.Words.Select(word => (long)word).ToArray()).unsqueeze(0);
        var byByte = model.forward(ids, arange(ids.shape[1], ScalarType.Int64).unsqueeze(0)).Logits;
        var byWord = model.forward(ids, words).Logits;
        CollectionAssert.AreEqual(new long[] { 1, 3, 3 }, byWord.shape);
        for (int word = 0; word < 3; word++)
        {
            long[] bytes = [.. Enumerable.Range(0, example.Words.Length).Where(i => example.Words[i] == word).Select(i => (long)i)];
            TinyModels.AssertSame(byByte[0].index_select(0, tensor(bytes)).mean([0]), byWord[0, word]);
        }
    }

    [TestMethod]
    public void Padding_changes_no_score()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForTokenClassification(Config, seed: 1);
        PerceiverTokenExample[] rows =
        [
            PerceiverTokenExample.FromWords(["a"], [0], 20), PerceiverTokenExample.FromWords(["bc", "de", "f"], [0, 0, 0], 20),
        ];
        var together = Logits(rows);
        TinyModels.AssertSame(Logits([rows[0]])[0, 0], together[0, 0]);
        TinyModels.AssertSame(Logits([rows[1]])[0], together[1]);

        Tensor Logits(PerceiverTokenExample[] examples)
        {
            var (ids, words, mask) = PerceiverTokenExample.ToTensors(examples, CPU);
            return model.forward(ids, words, mask).Logits;
        }
    }

    [TestMethod]
    public void Words_without_a_label_do_not_count()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForTokenClassification(Config, seed: 1);
        var ids = TinyModels.Ids(2, 5);
        var words = tensor(new long[] { -1, 0, 0, 1, -1, -1, 0, 1, 1, -1 }, 2, 5);
        var labels = tensor(new long[] { 2, -100, 0, 1 }, 2, 2);
        var output = model.forward(ids, words, labels: labels);
        var counted = labels.flatten().ne(-100);
        var expected = nn.functional.cross_entropy(output.Logits.flatten(0, 1)[counted], labels.flatten()[counted]);
        Assert.AreEqual(expected.item<float>(), output.Loss!.item<float>(), 1e-5f);
        Assert.ThrowsExactly<ArgumentException>(() => model.forward(ids, words, labels: labels.narrow(1, 0, 1)));
        Assert.ThrowsExactly<ArgumentException>(() => model.forward(ids, words.narrow(1, 0, 4)));
        Assert.ThrowsExactly<ArgumentException>(() => model.forward(ids, words.to(ScalarType.Int32)));
    }

    [TestMethod]
    public void A_masked_language_models_checkpoint_loads_but_for_the_classifier()
    {
        string folder = GoldenFolder.BundledPathOf("models", "mlm_default");
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder);
        var config = checkpoint.Config.WithLabels(["a", "b"]);
        var (model, report) = checkpoint.Load(c => new PerceiverForTokenClassification(c, initialize: false), config, newHead: true);
        using (model)
        {
            CollectionAssert.AreEquivalent(new[] { "classifier.weight", "classifier.bias" }, report.NewlyInitialized.ToArray());
            using var saved = new TemporaryFolder();
            model.SavePretrained(saved.Path);
            using var loaded = (PerceiverForTokenClassification)PerceiverModels.FromPretrained(saved.Path);
            CollectionAssert.AreEqual(new[] { "a", "b" }, loaded.Config.LabelNames.ToArray());
        }
    }

    [TestMethod]
    public void Words_that_do_not_fit_are_left_out_with_their_labels()
    {
        var whole = PerceiverTokenExample.FromWords(["ab", "cd", "e"], [1, 2, 0], 10);
        CollectionAssert.AreEqual(new[] { 4, 'a' + 6, 'b' + 6, ' ' + 6, 'c' + 6, 'd' + 6, ' ' + 6, 'e' + 6, 5 }, whole.Ids);
        CollectionAssert.AreEqual(new[] { -1, 0, 0, -1, 1, 1, -1, 2, -1 }, whole.Words);
        var cut = PerceiverTokenExample.FromWords(["ab", "cd", "e"], [1, 2, 0], 8);
        CollectionAssert.AreEqual(new[] { 1, 2 }, cut.Labels);
        CollectionAssert.AreEqual(whole.Ids[..6].Append(5).ToArray(), cut.Ids);
        var longWord = PerceiverTokenExample.FromWords(["abcdef"], [1], 5);
        CollectionAssert.AreEqual(new[] { 4, 'a' + 6, 'b' + 6, 'c' + 6, 5 }, longWord.Ids);
        CollectionAssert.AreEqual(new[] { 1 }, longWord.Labels);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverTokenExample.FromWords(["a"], [], 5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverTokenExample.FromWords(["a"], [0], 2));
    }

    [TestMethod]
    [DataRow("O B-A I-A O", "1-2 A")]
    [DataRow("B-A B-A I-A I-B", "0-1 A|1-2 A|3-1 B")]
    [DataRow("I-A I-A O I-A", "0-2 A|3-1 A")]
    [DataRow("X X O X Y", "0-2 X|3-1 X|4-1 Y")]
    [DataRow("O O", "")]
    [DataRow("? X X ?", "1-2 X")]
    public void Labels_say_spans(string labels, string expected)
    {
        string[] names = ["O", "B-A", "I-A", "B-B", "I-B", "X", "Y"];
        var spans = new TokenSpans(names).Of([.. labels.Split(' ').Select(label => Array.IndexOf(names, label))]);
        Assert.AreEqual(expected, string.Join('|', spans.Select(s => $"{s.First}-{s.Count} {s.Kind}")));
    }

    [TestMethod]
    public void Spans_exist_where_a_label_is_outside_of_them()
    {
        Assert.IsFalse(new TokenSpans(["NN", "VB"]).Exist);
        string[] labels = TokenSpans.LabelsOf(["A", "B"]);
        Assert.IsTrue(new TokenSpans(labels).Exist);
        CollectionAssert.AreEqual(new[] { "O", "B-A", "I-A", "B-B", "I-B" }, labels);
        Assert.AreEqual("I-B", labels[TokenSpans.IndexOf(1, isFirst: false)]);
        Assert.AreEqual("B-A", labels[TokenSpans.IndexOf(0, isFirst: true)]);
    }

    [TestMethod]
    public void It_learns_and_its_metrics_are_those_of_its_scores()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 240).Select(_ => Row()).ToArray();
        using var model = new PerceiverForTokenClassification(Config with { InitializerRange = 0.3 }, seed: 1);
        var options = new PerceiverTrainingOptions { Epochs = 20, BatchSize = 8, LearningRate = 5e-3, BalanceClasses = true };
        var objective = new PerceiverTokenClassificationObjective(model, [.. rows[40..]], [.. rows[..40]], options);
        Assert.AreEqual("SpanF1,Accuracy,LogLoss", string.Join(',', objective.Metrics.Select(m => m.Name)));
        var before = objective.Evaluate(default);
        PerceiverTrainer.Run(objective, options);
        var after = objective.Evaluate(default);
        Assert.IsGreaterThan(0.9, after["Accuracy"]);
        Assert.IsGreaterThan(0.8, after["SpanF1"]);
        Assert.IsLessThan(before["LogLoss"], after["LogLoss"]);

        // Counted again, row by row.
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        int words = 0, right = 0;
        foreach (var row in rows[..40])
        {
            var (ids, owners, mask) = PerceiverTokenExample.ToTensors([row], CPU);
            long[] best = model.forward(ids, owners, mask).Logits.argmax(-1).data<long>().ToArray();
            words += row.Labels.Length;
            right += row.Labels.Where((label, i) => label == best[i]).Count();
        }

        Assert.AreEqual(right / (double)words, after["Accuracy"], 1e-9);

        // One digit begins a span, the other goes on with it.
        PerceiverTokenExample Row()
        {
            string[] texts = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => "78ww"[random.Next(4)].ToString())];
            int[] labels = [.. texts.Select(text => text == "w" ? 0 : text == "7" ? 1 : 2)];
            return PerceiverTokenExample.FromWords(texts, labels, 20);
        }
    }
}
