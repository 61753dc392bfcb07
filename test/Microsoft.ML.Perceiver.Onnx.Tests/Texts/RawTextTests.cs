using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Texts;

/// <summary>Graphs that take texts make the ids and the mask of the library's tokenizer.</summary>
[TestClass]
public sealed class RawTextTests
{
    private static readonly PerceiverOnnxOptions Raw = new() { RawText = true };

    private static int Longest => Exported.Config.MaxPositionEmbeddings;

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public void Every_character_of_Unicode_becomes_its_bytes()
    {
        using var folder = new TemporaryFolder();
        using var export = new OnnxExport(new OnnxForm(20));
        var builder = export.NewGraph();
        var inputs = OnnxTextInput.Add(builder, maxLength: 6);
        builder.Output("ids", inputs.Value);
        new OnnxFiles(folder["text.onnx"], "text", externalData: null).Write(export.Graphs);
        using var session = new OnnxSession(folder["text.onnx"]);
        int seen = 0;
        foreach (string[] characters in UnicodeTexts.Characters().Chunk(1 << 16))
        {
            using var scope = NewDisposeScope();
            var (expected, _) = PaddedTexts.Of(characters, longest: 6);
            Assert.IsTrue(expected.Equals(session.Run(characters)["ids"]), $"from {char.ConvertToUtf32(characters[0], 0):x} on");
            seen += characters.Length;
        }

        Assert.AreEqual(0x110000 - 0x800, seen);
    }

    [TestMethod]
    public void Random_texts_become_ids_and_scores_of_tokens()
    {
        using var model = new PerceiverForMaskedLM(Exported.Config);
        AssertRandomTexts(model, "logits", (ids, mask) => model.forward(ids, mask).Logits);
    }

    [TestMethod]
    public void Random_texts_become_scores_of_labels()
    {
        using var model = new PerceiverForSequenceClassification(Exported.Config.WithLabels(["a", "b", "c"]));
        AssertRandomTexts(model, "logits", (ids, mask) => model.forward(ids, mask).Logits);
    }

    [TestMethod]
    public void Random_texts_become_sentence_vectors()
    {
        var ngrams = new PerceiverNgrams { Sizes = [2, 3], Buckets = 37, Channels = 5 };
        using var model = new PerceiverForSentenceEmbedding(Exported.Config with { EmbeddingSize = 7, Ngrams = ngrams });
        AssertRandomTexts(model, "sentence_embedding", (ids, mask) => model.forward(ids, mask).Embeddings);
    }

    [TestMethod]
    [DataRow("", DisplayName = "empty")]
    [DataRow(" ", DisplayName = "space")]
    [DataRow("\0", DisplayName = "NUL")]
    [DataRow("a\0b", DisplayName = "NUL between letters")]
    [DataRow("[MASK]", DisplayName = "special token")]
    [DataRow("[[MASK]][CLS [SEP]\n[PAD]", DisplayName = "special tokens in a text")]
    [DataRow("0123456789012345678901234567890123456é", DisplayName = "cut off before a character of two bytes")]
    [DataRow("01234567890123456789012345678901234\U0001F642x", DisplayName = "cut off before a character of four bytes")]
    [DataRow("0123456789012345678901234567890123456[MASK]", DisplayName = "cut off after a special token")]
    public void A_text_alone_and_beside_an_empty_one(string text)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        PerceiverOnnx.Export(model, folder["model.onnx"], Raw);
        using var session = new OnnxSession(folder["model.onnx"]);
        foreach (string[] texts in new string[][] { [text], [text, ""], ["", text, ""] })
            Assert.IsTrue(PaddedTexts.Of(texts, Longest).Ids.Equals(session.Run(texts)["input_ids"]), $"{texts.Length} texts");
    }

    [TestMethod]
    public void A_lone_surrogate_is_replaced_before_the_graph()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        PerceiverOnnx.Export(model, folder["model.onnx"], Raw);
        using var session = new OnnxSession(folder["model.onnx"]);
        Assert.IsTrue(PaddedTexts.Of(["a\uFFFDb"], Longest).Ids.Equals(session.Run(["a\uD800b"])["input_ids"]));
    }

    [TestMethod]
    public void A_stage_gives_the_scores_of_its_file()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using (var model = new PerceiverForSequenceClassification(Exported.Config.WithLabels(["a", "b", "c"])))
            model.SavePretrained(folder["model"]);
        var context = new MLContext(1);
        string[] texts = UnicodeTexts.Random(40, longest: 30, seed: 5);
        var data = context.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));
        using var stage = context.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromDirectory(folder["model"]),
            MaxLength = 20,
            EmptyText = PerceiverEmptyTextHandling.Score,
        }).Fit(data);
        stage.SaveAsOnnx(folder["model.onnx"], Raw);
        using var session = new OnnxSession(folder["model.onnx"]);
        float[][] scores = [.. context.Data.CreateEnumerable<Scored>(stage.Transform(data), reuseRowObject: false).Select(r => r.Score)];
        var expected = tensor(scores.SelectMany(s => s).ToArray(), scores.Length, 3);
        OnnxTolerance.AssertClose(expected, session.Run(texts)["logits"].softmax(1), "scores");
    }

    [TestMethod]
    public void A_stage_of_pairs_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var model = new PerceiverForSequenceClassification(Exported.Config.WithLabels(["a", "b"])))
            model.SavePretrained(folder["model"]);
        var context = new MLContext(1);
        using var stage = context.Transforms
            .PerceiverTextClassification(PerceiverCheckpoint.FromDirectory(folder["model"]), "Text", secondTextColumnName: "Second")
            .Fit(context.Data.LoadFromEnumerable(new[] { new Row { Text = "a", Second = "b" } }));
        var error = Assert.ThrowsExactly<ArgumentException>(() => stage.SaveAsOnnx(folder["model.onnx"], Raw));
        Assert.Contains("pairs", error.Message);
        Assert.HasCount(1, stage.SaveAsOnnx(folder["model.onnx"]));
    }

    [TestMethod]
    public void What_cannot_take_texts_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.onnx"];
        using var words = new PerceiverForTokenClassification(Exported.Config);
        using var small = new PerceiverForMaskedLM(Exported.Config with { VocabularySize = 261 });
        using var model = new PerceiverForMaskedLM(Exported.Config);
        var ofWords = Assert.ThrowsExactly<ArgumentException>(() => PerceiverOnnx.Export(words, path, Raw));
        Assert.Contains(nameof(PerceiverForTokenClassification), ofWords.Message);
        using var questions = new PerceiverForQuestionAnswering(Exported.Config);
        var ofPairs = Assert.ThrowsExactly<ArgumentException>(() => PerceiverOnnx.Export(questions, path, Raw));
        Assert.Contains(nameof(PerceiverForQuestionAnswering), ofPairs.Message);
        var fewTokens = Assert.ThrowsExactly<ArgumentException>(() => PerceiverOnnx.Export(small, path, Raw));
        Assert.Contains("vocab_size", fewTokens.Message);
        var withoutMask = Assert.ThrowsExactly<ArgumentException>(
            () => PerceiverOnnx.Export(model, path, Raw with { AttentionMask = false }));
        Assert.Contains(nameof(PerceiverOnnxOptions.AttentionMask), withoutMask.Message);
        var oldSet = Assert.ThrowsExactly<NotSupportedException>(() => PerceiverOnnx.Export(model, path, Raw with { Opset = 17 }));
        Assert.Contains("Bitwise", oldSet.Message);
        PerceiverOnnx.Export(model, path, Raw with { Opset = 18 });
        using var session = new OnnxSession(path);
        CollectionAssert.AreEqual(new[] { "text" }, session.Inputs.ToArray());
    }

    private static void AssertRandomTexts(PerceiverPreTrainedModel model, string output, Func<Tensor, Tensor, Tensor> run)
    {
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        model.eval();
        PerceiverOnnx.Export(model, folder["model.onnx"], Raw);
        using var session = new OnnxSession(folder["model.onnx"]);
        foreach (string[] texts in UnicodeTexts.Random(1000, longest: 48, seed: 3).Chunk(16))
        {
            using var scope = NewDisposeScope();
            var (ids, mask) = PaddedTexts.Of(texts, Longest);
            var results = session.Run(texts);
            if (results.TryGetValue("input_ids", out var ofGraph))
                Assert.IsTrue(ids.Equals(ofGraph), $"ids of '{string.Join("', '", texts)}'");
            OnnxTolerance.AssertClose(run(ids, mask), results[output], $"{output} of '{string.Join("', '", texts)}'");
        }
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Second { get; set; } = "";
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
