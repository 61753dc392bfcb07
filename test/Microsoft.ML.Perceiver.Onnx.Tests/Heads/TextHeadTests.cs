using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Heads;

/// <summary>The text heads that the reference does not have, and what is the same file's for texts of all lengths.</summary>
[TestClass]
public sealed class TextHeadTests
{
    [TestMethod]
    public void Words_are_classified()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForTokenClassification(Exported.Config.WithLabels(["a", "b", "c"]));
        var (ids, mask) = Exported.Texts(2, 9);
        var words = tensor(new long[] { -1, 0, 0, 0, 1, 2, 2, 3, -1, -1, 0, 1, 1, 1, -1, -1, -1, -1 }, 2, 9);
        var expected = model.forward(ids, words, mask).Logits;
        var results = Exported.Run(model, null, ("input_ids", ids), ("attention_mask", mask), ("words", words));
        OnnxTolerance.AssertClose(expected, results["logits"], "logits");
    }

    [TestMethod]
    public void A_text_without_words_has_one_row_of_scores()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForTokenClassification(Exported.Config.WithLabels(["a", "b"]));
        var (ids, mask) = Exported.Texts(1, 4);
        var words = full([1, 4], -1L);
        var results = Exported.Run(model, null, ("input_ids", ids), ("attention_mask", mask), ("words", words));
        OnnxTolerance.AssertClose(model.forward(ids, words, mask).Logits, results["logits"], "logits");
    }

    [TestMethod]
    [DataRow(PerceiverConfig.MeanPooling)]
    [DataRow(PerceiverConfig.QueryPooling)]
    public void Sentence_vectors_have_length_one(string pooling)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSentenceEmbedding(Exported.Config with { SentencePooling = pooling, EmbeddingSize = 7 });
        var (ids, mask) = Exported.Texts(3, 8);
        var vectors = Exported.Run(model, null, ("input_ids", ids), ("attention_mask", mask))["sentence_embedding"];
        OnnxTolerance.AssertClose(model.forward(ids, mask).Embeddings, vectors, "vectors");
        OnnxTolerance.AssertClose(ones(3), vectors.square().sum(1), "lengths");
    }

    [TestMethod]
    public void Runs_of_tokens_are_looked_up_in_texts_that_are_shorter_too()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        var ngrams = new PerceiverNgrams { Sizes = [2, 4, 3], Buckets = 37, Channels = 5 };
        using var model = new PerceiverForSentenceEmbedding(Exported.Config with { Ngrams = ngrams, EmbeddingSize = 7 });
        PerceiverOnnx.Export(model, folder["model.onnx"]);
        using var session = new OnnxSession(folder["model.onnx"]);
        foreach (int tokens in (int[])[1, 2, 3, 40])
        {
            var (ids, mask) = Exported.Texts(2, tokens);
            var results = session.Run(new Dictionary<string, Tensor> { ["input_ids"] = ids, ["attention_mask"] = mask });
            OnnxTolerance.AssertClose(model.forward(ids, mask).Embeddings, results["sentence_embedding"], $"{tokens}");
        }

        long[] letters = [4, .. "aAzZ@["u8.ToArray().Select(b => b + 6L), 5];
        var all = tensor(letters).unsqueeze(0);
        var same = session.Run(new Dictionary<string, Tensor> { ["input_ids"] = all, ["attention_mask"] = ones_like(all) });
        OnnxTolerance.AssertClose(model.forward(all).Embeddings, same["sentence_embedding"], "letters");
    }

    [TestMethod]
    public void A_regression_gives_numbers_in_its_labels_unit()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var config = Exported.Config.WithLabels(["price", "rooms"]) with
        {
            ProblemType = "regression",
            LabelMeans = [250_000, 3],
            LabelDeviations = [90_000, 1.5],
        };
        using var model = new PerceiverForSequenceClassification(config);
        var (ids, mask) = Exported.Texts(2, 6);
        var expected = model.InLabelUnits(model.forward(ids, mask).Logits);
        var results = Exported.Run(model, null, ("input_ids", ids), ("attention_mask", mask));
        for (int label = 0; label < 2; label++)
            OnnxTolerance.AssertClose(expected.select(1, label), results["logits"].select(1, label), $"label {label}");
    }

    [TestMethod]
    public void A_file_takes_any_number_of_texts_of_any_length()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForSequenceClassification(Exported.Config.WithLabels(["a", "b"]));
        PerceiverOnnx.Export(model, folder["model.onnx"]);
        using var session = new OnnxSession(folder["model.onnx"]);
        foreach (var (batch, tokens) in new[] { (1, 1), (1, 40), (4, 13) })
        {
            var (ids, mask) = Exported.Texts(batch, tokens);
            var results = session.Run(new Dictionary<string, Tensor> { ["input_ids"] = ids, ["attention_mask"] = mask });
            OnnxTolerance.AssertClose(model.forward(ids, mask).Logits, results["logits"], $"{batch} x {tokens}");
        }
    }

    [TestMethod]
    public void Without_a_mask_all_tokens_are_read()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSequenceClassification(Exported.Config.WithLabels(["a", "b"]));
        var ids = TinyModels.Ids(2, 5);
        var results = Exported.Run(model, new PerceiverOnnxOptions { AttentionMask = false }, ("input_ids", ids));
        OnnxTolerance.AssertClose(model.forward(ids).Logits, results["logits"], "logits");
    }

    [TestMethod]
    public void Scores_of_chosen_positions()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        var (ids, mask) = Exported.Texts(2, 7);
        var positions = tensor(new long[] { 0, 3, 6, 5, 5, 1 }, 2, 3);
        var results = Exported.Run(
            model,
            new PerceiverOnnxOptions { ScorePositions = true },
            ("input_ids", ids), ("attention_mask", mask), ("positions", positions));
        OnnxTolerance.AssertClose(model.LogitsAt(ids, positions, mask), results["logits"], "logits");
    }
}
