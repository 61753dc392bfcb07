using Microsoft.Extensions.AI;

namespace Microsoft.ML.Perceiver.AI.Tests;

/// <summary>What a generator gives, of each source of a model.</summary>
[TestClass]
public sealed class GeneratorTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(32)]
    public async Task Vectors_are_the_models_in_the_callers_order_with_batches_of_any_size(int batchSize)
    {
        var options = new PerceiverEmbeddingOptions { BatchSize = batchSize }.FromCheckpoint(TinySentences.Checkpoint);
        using var generator = new PerceiverEmbeddingGenerator(options);
        var found = await generator.GenerateAsync(TinySentences.Texts);
        TinySentences.AssertSame(TinySentences.Expected(TinySentences.Texts), found);
        Assert.AreEqual(found.Usage!.InputTokenCount, found.Usage.TotalTokenCount);
        foreach (var embedding in found)
            Assert.AreEqual(1, embedding.Vector.ToArray().Sum(x => x * x), 1e-5);
        Assert.IsEmpty(await generator.GenerateAsync([]));
    }

    [TestMethod]
    public async Task A_transformer_gives_its_vectors_and_is_not_disposed()
    {
        var context = new MLContext(seed: 1);
        using var transformer = TinySentences.Fit(context);
        var expected = TinySentences.Expected(TinySentences.Texts);
        using (var generator = new PerceiverEmbeddingGenerator(transformer))
            TinySentences.AssertSame(expected, await generator.GenerateAsync(TinySentences.Texts));
        var chain = transformer.Append(context.Transforms.CopyColumns("Features", "Meaning").Fit(
            transformer.Transform(context.Data.LoadFromEnumerable([new { Body = "" }]))));
        using (var generator = new PerceiverEmbeddingGenerator(new PerceiverEmbeddingOptions().FromModel(chain)))
            TinySentences.AssertSame(expected, await generator.GenerateAsync(TinySentences.Texts));
    }

    [TestMethod]
    public async Task A_models_file_gives_the_vectors_of_the_model_that_was_saved()
    {
        using var folder = new TemporaryFolder();
        string path = SaveTo(folder["Search.mlnet"]);
        using var generator = new PerceiverEmbeddingGenerator(new PerceiverEmbeddingOptions().FromFile(path));
        var found = await generator.GenerateAsync(TinySentences.Texts);
        TinySentences.AssertSame(TinySentences.Expected(TinySentences.Texts), found);
        Assert.AreEqual("Search", found[0].ModelId);
    }

    [TestMethod]
    public void A_model_that_does_not_begin_with_an_encoder_is_refused()
    {
        var context = new MLContext(seed: 1);
        var rows = context.Data.LoadFromEnumerable([new { Body = "a" }]);
        using var encoder = TinySentences.Fit(context);
        var normalize = context.Transforms.Text.NormalizeText("Body").Fit(rows);
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverEmbeddingGenerator(new PerceiverEmbeddingOptions().FromModel(normalize.Append(encoder))));
        StringAssert.Contains(error.Message, "it begins with TextNormalizingTransformer", StringComparison.Ordinal);
        var other = PerceiverCheckpoint.FromConfig(TinySentences.Config with { Architectures = ["PerceiverForMaskedLM"] });
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverEmbeddingGenerator(other));
    }

    [TestMethod]
    public void Services_and_metadata_are_found()
    {
        var options = new PerceiverEmbeddingOptions { ModelId = "tiny" }.FromCheckpoint(TinySentences.Checkpoint);
        using var generator = new PerceiverEmbeddingGenerator(options);
        var metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.AreEqual("perceiver", metadata.ProviderName);
        Assert.AreEqual("tiny", metadata.DefaultModelId);
        Assert.AreEqual(TinySentences.Size, metadata.DefaultModelDimensions);
        Assert.AreSame(generator, generator.GetService<PerceiverEmbeddingGenerator>());
        Assert.AreSame(generator, generator.GetService<IEmbeddingGenerator>());
        Assert.AreSame(generator, generator.GetService<IDisposable>());
        Assert.AreEqual(TinySentences.Size, generator.GetService<PerceiverSentenceEmbeddingTransformer>()!.EmbeddingSize);
        Assert.IsNull(generator.GetService<string>());
        Assert.IsNull(generator.GetService(typeof(EmbeddingGeneratorMetadata), "key"));
    }

    [TestMethod]
    public async Task Wishes_are_refused_or_granted_by_name()
    {
        var options = new PerceiverEmbeddingOptions { ModelId = "tiny" }.FromCheckpoint(TinySentences.Checkpoint);
        using var generator = new PerceiverEmbeddingGenerator(options);
        var error = await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(
            () => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 3 }));
        StringAssert.Contains(error.Message, "The model 'tiny' gives vectors of 5 numbers; Dimensions must be that, or null.");
        var wishes = new EmbeddingGenerationOptions { Dimensions = TinySentences.Size, ModelId = "another" };
        Assert.AreEqual("tiny", (await generator.GenerateAsync(["a"], wishes)).Single().ModelId);
    }

    [TestMethod]
    public async Task Texts_that_cannot_be_read_are_named_and_fail_no_other_request()
    {
        var context = new MLContext(seed: 1);
        var options = new PerceiverSentenceEmbeddingOptions { LongText = PerceiverLongTextHandling.Refuse };
        using var strict = TinySentences.Fit(context, options);
        using var generator = new PerceiverEmbeddingGenerator(strict);
        var missing = await Assert.ThrowsExactlyAsync<ArgumentException>(() => generator.GenerateAsync(["a", null!]));
        StringAssert.Contains(missing.Message, "The text at index 1 is null.");
        var surrogate = await Assert.ThrowsExactlyAsync<ArgumentException>(() => generator.GenerateAsync(["a", "b", "\ud800"]));
        StringAssert.Contains(surrogate.Message, "The text at index 2 cannot be read");

        var wrong = generator.GenerateAsync(["short", new string('y', 100), "x"]);
        var right = generator.GenerateAsync(["call now", "x"]);
        var error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => wrong);
        StringAssert.StartsWith(
            error.Message, "The text at index 1 has no vector: the text in the column 'Body' has more than the 40 tokens");
        TinySentences.AssertSame(TinySentences.Expected("call now", "x"), await right);
    }

    [TestMethod]
    public void Options_that_are_wrong_are_all_named()
    {
        using var transformer = TinySentences.Fit(new MLContext(seed: 1));
        var options = new PerceiverEmbeddingOptions
        {
            BatchSize = 0,
            MaxLength = 3,
            Precision = PerceiverPrecision.BFloat16,
            ModelId = "",
        }.FromModel(transformer);
        string message = Assert.ThrowsExactly<ArgumentException>(() => new PerceiverEmbeddingGenerator(options)).Message;
        string[] faults = ["BatchSize must", "MaxLength must", "MaxLength is for a checkpoint", "Precision is for", "ModelId must"];
        foreach (string fault in faults)
            StringAssert.Contains(message, fault, StringComparison.Ordinal);
        var missing = new PerceiverEmbeddingOptions { FilePath = "not-there.mlnet" };
        message = Assert.ThrowsExactly<ArgumentException>(() => new PerceiverEmbeddingGenerator(missing)).Message;
        StringAssert.Contains(message, "not-there.mlnet' does not exist");
    }

    [TestMethod]
    public async Task A_checkpoint_may_be_read_in_another_precision_and_length()
    {
        var options = new PerceiverEmbeddingOptions { Precision = PerceiverPrecision.BFloat16, MaxLength = 10 };
        using var generator = new PerceiverEmbeddingGenerator(options.FromCheckpoint(TinySentences.Checkpoint));
        var found = await generator.GenerateAsync(["12345678 and more", "12345678"]);
        CollectionAssert.AreEqual(found[0].Vector.ToArray(), found[1].Vector.ToArray());
        Assert.AreEqual(20, found.Usage!.InputTokenCount);
    }

    private static string SaveTo(string path)
    {
        var context = new MLContext(seed: 1);
        using var transformer = TinySentences.Fit(context);
        context.Model.Save(transformer, context.Data.LoadFromEnumerable([new { Body = "" }]).Schema, path);
        return path;
    }
}
