using System.Text;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

[TestClass]
public sealed class QuestionAnsweringTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    [TestMethod]
    public void Its_scores_are_those_of_a_head_for_words_of_one_byte()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForQuestionAnswering(Config, seed: 1);
        using var words = new PerceiverForTokenClassification(Config.WithLabels(["first", "last"]), seed: 2);
        string Renamed(string key) => key.Replace("qa_outputs", "classifier", StringComparison.Ordinal);
        words.load_state_dict(model.state_dict().ToDictionary(weight => Renamed(weight.Key), weight => weight.Value));
        var ids = TinyModels.Ids(2, 12);
        var mask = ones(2, 12);
        mask[1, 9..] = 0;
        var expected = words.forward(ids, arange(12, ScalarType.Int64).expand(2, -1).contiguous(), mask).Logits;
        var output = model.forward(ids, mask);
        TinyModels.AssertSame(expected.select(-1, 0), output.StartLogits);
        TinyModels.AssertSame(expected.select(-1, 1), output.EndLogits);
        Assert.IsNull(output.Loss);
    }

    [TestMethod]
    public void The_loss_is_the_mean_of_both_positions_over_tokens_that_are_read()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForQuestionAnswering(Config, seed: 1);
        var ids = TinyModels.Ids(2, 8);
        var mask = ones(2, 8);
        mask[1, 5..] = 0;
        var (start, end) = (tensor(new long[] { 3, 0 }), tensor(new long[] { 6, 0 }));
        var output = model.forward(ids, mask, start, end);
        double expected = 0;
        foreach (var (row, length) in new[] { (0, 8), (1, 5) })
        {
            expected -= output.StartLogits[row, ..length].log_softmax(0)[start[row].item<long>()].item<float>() / 4;
            expected -= output.EndLogits[row, ..length].log_softmax(0)[end[row].item<long>()].item<float>() / 4;
        }

        Assert.AreEqual(expected, output.Loss!.item<float>(), 1e-5);
        Assert.ThrowsExactly<ArgumentException>(() => model.forward(ids, mask, start));
        Assert.ThrowsExactly<ArgumentException>(() => model.forward(ids, mask, start, end[..1]));
        Assert.ThrowsExactly<ArgumentException>(() => model.forward(ids, mask, start.to(ScalarType.Int32), end));
    }

    [TestMethod]
    public void A_masked_language_models_checkpoint_loads_but_for_the_outputs()
    {
        var checkpoint = PerceiverCheckpoint.FromDirectory(GoldenFolder.BundledPathOf("models", "mlm_default"));
        var (model, report) = checkpoint.Load(
            c => new PerceiverForQuestionAnswering(c, initialize: false), checkpoint.Config, newHead: true);
        using (model)
        {
            CollectionAssert.AreEquivalent(new[] { "qa_outputs.weight", "qa_outputs.bias" }, report.NewlyInitialized.ToArray());
            using var saved = new TemporaryFolder();
            model.SavePretrained(saved.Path);
            Assert.IsInstanceOfType<PerceiverForQuestionAnswering>(PerceiverModels.FromPretrained(saved.Path));
        }
    }

    [TestMethod]
    [DataRow(200, 0)]
    [DataRow(40, 0)]
    [DataRow(40, 5)]
    [DataRow(16, 100)]
    [DataRow(21, 3)]
    public void Parts_have_the_whole_context_and_each_answer_that_fits(int maxTokens, int overlap)
    {
        const string question = "wo é?", context = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich, 𝄞 und mehr.";
        byte[] bytes = Encoding.UTF8.GetBytes(context);
        int index = context.IndexOf("über", StringComparison.Ordinal);
        int first = Encoding.UTF8.GetByteCount(context[..index]);
        var parts = PerceiverAnswerExample.InParts(question, context, maxTokens, overlap, (index, 4));
        int read = 0;
        foreach (var part in parts)
        {
            Assert.IsLessThanOrEqualTo(maxTokens, part.Ids.Length);
            Assert.IsLessThanOrEqualTo(read, part.Offset);
            CollectionAssert.AreEqual(bytes[part.Offset..(part.Offset + part.Part.Length)], part.Part);
            // Strict decoding: no part begins or ends within a character.
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(part.Part);
            read = part.Offset + part.Part.Length;
            bool hasAnswer = part.Offset <= first && first + 5 <= read;
            Assert.AreEqual(hasAnswer ? first - part.Offset + part.PartStart : 0, part.First);
            Assert.AreEqual(hasAnswer ? part.First + 4 : 0, part.Last);
        }

        Assert.AreEqual(bytes.Length, read);
        Assert.IsTrue(maxTokens < 200 || parts.Count == 1);
    }

    [TestMethod]
    public void An_example_is_the_question_and_the_part_between_special_tokens()
    {
        var example = PerceiverAnswerExample.InParts("a?", "b cd", 16, 0, (2, 2)).Single();
        CollectionAssert.AreEqual(
            new[] { 4, 'a' + 6, '?' + 6, 5, 'b' + 6, ' ' + 6, 'c' + 6, 'd' + 6, 5 }, example.Ids);
        Assert.AreEqual((4, 0, 6, 7), (example.PartStart, example.Offset, example.First, example.Last));
        // A long question leaves half to the context; an empty context is one part.
        var cut = PerceiverAnswerExample.InParts(new string('q', 50), "", 16, 0).Single();
        Assert.HasCount(6 + 3, cut.Ids);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverAnswerExample.InParts("a", "b", 15, 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverAnswerExample.InParts("a", "b", 16, -1));
        Assert.Throws<ArgumentException>(() => PerceiverAnswerExample.InParts("a", "\ud800", 16, 0));
    }

    [TestMethod]
    public void The_best_spans_are_those_of_a_search_over_all()
    {
        var random = new Random(5);
        byte[] bytes = Encoding.UTF8.GetBytes("é no  𝄞, x y\n");
        for (int turn = 0; turn < 50; turn++)
        {
            float[] start = Probabilities(), end = Probabilities();
            int longest = random.Next(1, bytes.Length + 3), count = random.Next(1, 6);
            var all = from first in Enumerable.Range(0, bytes.Length)
                      from length in Enumerable.Range(1, bytes.Length - first)
                      let text = Encoding.UTF8.GetString(bytes, first, length)
                      where length <= longest && !text.Contains('\ufffd', StringComparison.Ordinal) && text.Trim().Length == text.Length
                      orderby start[first] * end[first + length - 1] descending
                      select (first, length);
            var best = AnswerSpans.Best(start, end, bytes, longest, count);
            CollectionAssert.AreEqual(all.Take(count).ToArray(), best.Select(s => (s.First, s.Count)).ToArray());
        }

        float[] Probabilities() => [.. bytes.Select(_ => (float)random.NextDouble())];
    }

    [TestMethod]
    [DataRow("The end.", "end", true, 1)]
    [DataRow("old man", "the old man's", false, 0.5)]
    [DataRow("noon", "midnight", false, 0)]
    [DataRow("", "", true, 1)]
    [DataRow("", "noon", false, 0)]
    [DataRow("a b b", "b b b c", false, 4.0 / 6)]
    public void Answers_agree_without_articles_and_punctuation(string answer, string right, bool isExact, double f1)
    {
        Assert.AreEqual(isExact, AnswerAgreement.IsExact(answer, right));
        Assert.AreEqual(f1, AnswerAgreement.F1(answer, right), 1e-9);
        Assert.AreEqual(f1, AnswerAgreement.F1(right, answer), 1e-9);
    }

    [TestMethod]
    public void It_learns_to_find_what_is_asked_for()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 300).Select(_ => Row()).ToArray();
        using var model = new PerceiverForQuestionAnswering(Config, seed: 1);
        var options = new PerceiverTrainingOptions { Epochs = 25, BatchSize = 8, LearningRate = 3e-3 };
        var objective = new PerceiverQuestionAnsweringObjective(model, [.. rows[40..]], [.. rows[..40]], options);
        Assert.AreEqual("ExactMatch,F1,LogLoss", string.Join(',', objective.Metrics.Select(m => m.Name)));
        var before = objective.Evaluate(default);
        PerceiverTrainer.Run(objective, options);
        var after = objective.Evaluate(default);
        Assert.IsGreaterThan(0.8, after["ExactMatch"]);
        Assert.IsGreaterThanOrEqualTo(after["ExactMatch"], after["F1"]);
        Assert.IsLessThan(before["LogLoss"], after["LogLoss"]);

        // Digits among letters; without digits there is no answer.
        PerceiverAnswerExample Row()
        {
            string head = Letters(), tail = Letters(), digits = random.Next(5) == 0 ? "" : random.Next(1, 1000).ToString();
            var parts = PerceiverAnswerExample.InParts(
                "n?", $"{head} {digits} {tail}", 40, 0, digits.Length == 0 ? null : (head.Length + 1, digits.Length));
            return parts.Single();
        }

        string Letters() => string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => (char)('a' + random.Next(26))));
    }
}
