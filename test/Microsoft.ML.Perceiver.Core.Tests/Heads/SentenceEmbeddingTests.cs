using System.Text.Json.Nodes;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

[TestClass]
public sealed class SentenceEmbeddingTests
{
    private const string Mean = "mean", Query = "query";

    private static readonly PerceiverConfig Config = TinyModels.Config with { EmbeddingSize = 10, InitializerRange = 0.3 };

    [TestMethod]
    public void The_vector_is_the_projected_mean_latent_of_length_one()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSentenceEmbedding(Config, seed: 1);
        var ids = TinyModels.Ids(3, 7);
        var weights = model.state_dict();
        var mean = model.Perceiver.Encode(ids).mean([1]);
        var projected = mean.matmul(weights["projection.weight"].t()) + weights["projection.bias"];
        var actual = model.forward(ids).Embeddings;
        TinyModels.AssertSame(projected / projected.square().sum(1, keepdim: true).sqrt(), actual);
        CollectionAssert.AreEqual(new long[] { 3, 10 }, actual.shape);
        AssertLengthOne(actual);
    }

    [TestMethod]
    public void A_query_reads_the_latents_as_a_classifiers_does()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSentenceEmbedding(Config with { SentencePooling = Query }, seed: 1);
        using var classifier = new PerceiverForSequenceClassification(Config.WithLabels(10), seed: 2);
        var (from, to) = (model.state_dict(), classifier.state_dict());
        foreach (var (name, value) in to)
            value.copy_(from[name.Replace("perceiver.decoder.decoder.final_layer", "projection").Replace("decoder.decoder.", "decoder.")]);
        var ids = TinyModels.Ids(3, 7);
        var logits = classifier.forward(ids).Logits;
        TinyModels.AssertSame(logits / logits.square().sum(1, keepdim: true).sqrt(), model.forward(ids).Embeddings);
    }

    [TestMethod]
    [DataRow(Mean)]
    [DataRow(Query)]
    public void Padding_changes_no_vector_and_an_empty_text_has_one(string pooling)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverForSentenceEmbedding(Config with { SentencePooling = pooling }, seed: 1);
        int[][] texts = [[4, 5], [4, 80, 81, 82, 5], [4, 90, 5]];
        var (ids, mask) = TokenBatch.ToTensors(texts, CPU);
        var together = model.forward(ids, mask).Embeddings;
        for (int i = 0; i < texts.Length; i++)
            TinyModels.AssertSame(model.forward(TokenBatch.ToTensors([texts[i]], CPU).Ids).Embeddings[0], together[i]);
        AssertLengthOne(together);
    }

    [TestMethod]
    [DataRow(Mean)]
    [DataRow(Query)]
    public void A_saved_folder_has_the_keys_and_gives_the_same_vectors(string pooling)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForSentenceEmbedding(Config with { SentencePooling = pooling }, seed: 1);
        model.SavePretrained(folder.Path);
        var json = JsonNode.Parse(File.ReadAllText(folder["config.json"]))!;
        Assert.AreEqual(10, (int)json["embedding_size"]!);
        Assert.AreEqual(pooling, (string)json["sentence_pooling"]!);
        Assert.AreEqual("perceiver", (string)json["model_type"]!);
        Assert.AreEqual(nameof(PerceiverForSentenceEmbedding), (string)json["architectures"]![0]!);
        using var loaded = PerceiverForSentenceEmbedding.FromPretrained(folder.Path);
        Assert.AreEqual(0f, TinyModels.MaxDifference(Vectors(model), Vectors(loaded)));
        using var any = PerceiverModels.FromPretrained(folder.Path);
        Assert.IsInstanceOfType<PerceiverForSentenceEmbedding>(any);
    }

    [TestMethod]
    [DataRow(PerceiverPrecision.BFloat16)]
    [DataRow(PerceiverPrecision.Int8)]
    public void Other_precisions_give_nearly_the_same_vectors_in_float32(PerceiverPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForSentenceEmbedding(Config, seed: 1);
        model.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        using var other = checkpoint.Load(c => new PerceiverForSentenceEmbedding(c, initialize: false), precision: precision).Model;
        var (expected, actual) = (Vectors(model), Vectors(other));
        Assert.AreEqual(ScalarType.Float32, actual.dtype);
        AssertLengthOne(actual);
        Assert.IsGreaterThan(0.99f, (expected * actual).sum(-1).min().item<float>());
        Assert.IsGreaterThan(0f, TinyModels.MaxDifference(expected, actual));
    }

    [TestMethod]
    [DataRow(Mean, new string[0])]
    [DataRow(Query, new[] { "perceiver.decoder." })]
    public void A_masked_language_models_checkpoint_loads_but_for_the_head(string pooling, string[] alsoNew)
    {
        var checkpoint = PerceiverCheckpoint.FromDirectory(GoldenFolder.BundledPathOf("models", "mlm_default"));
        var config = checkpoint.Config with { EmbeddingSize = 5, SentencePooling = pooling };
        var (model, report) = checkpoint.Load(c => new PerceiverForSentenceEmbedding(c, initialize: false), config, newHead: true);
        using (model)
        {
            string[] beginnings = ["projection.", .. alsoNew];
            Assert.IsTrue(report.NewlyInitialized.All(name => beginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal))));
            CollectionAssert.IsSubsetOf(new[] { "projection.weight", "projection.bias" }, report.NewlyInitialized.ToArray());
            Assert.IsTrue(report.Loaded.Any(name => name.StartsWith("perceiver.encoder.", StringComparison.Ordinal)));
            Assert.AreEqual(5, model.EmbeddingSize);
        }
    }

    [TestMethod]
    public void Without_a_size_a_vector_is_as_wide_as_a_latent()
    {
        using var model = new PerceiverForSentenceEmbedding(TinyModels.Config, initialize: false);
        Assert.AreEqual(TinyModels.Config.LatentChannels, model.EmbeddingSize);
    }

    [TestMethod]
    public void Unusable_settings_are_named_and_do_not_disturb_other_heads()
    {
        foreach (var (config, key) in new[]
        {
            (Config with { EmbeddingSize = 0 }, "embedding_size"),
            (Config with { EmbeddingSize = 1 << 20 }, "embedding_size"),
            (Config with { SentencePooling = "max" }, "sentence_pooling"),
        })
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => new PerceiverForSentenceEmbedding(config, initialize: false));
            StringAssert.Contains(error.Message, key);
        }

        const string settings = "\"embedding_size\": -3, \"sentence_pooling\": 7";
        PerceiverConfig.FromJson($$"""{ "architectures": ["PerceiverForMaskedLM"], {{settings}} }""").Validate();
        Assert.ThrowsExactly<FormatException>(
            () => PerceiverConfig.FromJson($$"""{ "architectures": ["PerceiverForSentenceEmbedding"], {{settings}} }"""));
    }

    [TestMethod]
    public void A_vector_of_zeros_stays_one_and_has_a_gradient_that_is_a_number()
    {
        using var scope = NewDisposeScope();
        var vectors = tensor(new float[] { 0, 0, 3, 4 }, 2, 2, requires_grad: true);
        var scaled = PerceiverForSentenceEmbedding.ToLengthOne(vectors);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0.6f, 0.8f }, scaled.detach().data<float>().ToArray());
        scaled[1].sum().backward();
        Assert.IsTrue(vectors.grad!.data<float>().ToArray().All(float.IsFinite));
    }

    private static Tensor Vectors(PerceiverForSentenceEmbedding model) => model.forward(TinyModels.Ids(4, 9)).Embeddings;

    private static void AssertLengthOne(Tensor vectors) =>
        TinyModels.AssertSame(ones(vectors.shape[0]), vectors.square().sum(-1));
}
