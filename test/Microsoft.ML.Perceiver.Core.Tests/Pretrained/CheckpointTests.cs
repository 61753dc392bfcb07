using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

[TestClass]
public sealed class CheckpointTests
{
    [TestMethod]
    public void A_relative_path_stays_what_it_was()
    {
        string folder = GoldenFolder.BundledPathOf("models", "mlm_default"), before = Environment.CurrentDirectory;
        using var elsewhere = new TemporaryFolder();
        try
        {
            Environment.CurrentDirectory = Path.GetDirectoryName(folder)!;
            var checkpoint = PerceiverCheckpoint.FromDirectory("mlm_default");
            Environment.CurrentDirectory = elsewhere.Path;
            Assert.AreEqual(Path.Combine(folder, "model.safetensors"), checkpoint.Source);
            checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model.Dispose();
            checkpoint.WithMappedWeights().Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model.Dispose();
            Assert.IsNull(checkpoint.ImageProcessor);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [TestMethod]
    public void A_saved_model_is_loaded_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 4);
        model.SavePretrained(folder.Path);
        using var loaded = PerceiverForMaskedLM.FromPretrained(folder.Path);
        var ids = TinyModels.Ids(2, 12);
        var weights = loaded.state_dict();
        Assert.IsTrue(model.state_dict().All(p => TinyModels.MaxDifference(p.Value, weights[p.Key]) == 0));
        // The file's weights lie elsewhere in memory, where products may be added up in another order.
        TinyModels.AssertSame(model.forward(ids).Logits, loaded.forward(ids).Logits);
        CollectionAssert.AreEqual(new[] { "PerceiverForMaskedLM" }, PerceiverConfig.FromFile(folder.Path).Architectures!.ToArray());
        CollectionAssert.AreEquivalent(
            new[] { "config.json", "model.safetensors", "special_tokens_map.json", "tokenizer_config.json" },
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void A_language_model_becomes_a_classifier_with_a_new_head()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var language = new PerceiverForMaskedLM(TinyModels.Config, seed: 4);
        language.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        var (classifier, report) = checkpoint.Load(
            c => new PerceiverForSequenceClassification(c, initialize: false),
            checkpoint.Config.WithLabels(["a", "b", "c"]),
            newHead: true,
            seed: 9);
        using (classifier)
        {
            Assert.IsTrue(
                report.NewlyInitialized.All(n => n.StartsWith("perceiver.decoder.", StringComparison.Ordinal)),
                string.Join(" ", report.NewlyInitialized));
            CollectionAssert.Contains(report.NewlyInitialized.ToArray(), "perceiver.decoder.decoder.final_layer.weight");
            CollectionAssert.Contains(report.Unused.ToArray(), "embedding_decoder.bias");
            Assert.AreEqual(0f, TinyModels.MaxDifference(
                language.state_dict()["perceiver.embeddings.latents"], classifier.state_dict()["perceiver.embeddings.latents"]));
            Assert.IsTrue(classifier.parameters().All(p => !p.is_meta));
        }
    }

    [TestMethod]
    public void A_relabelled_classifier_keeps_all_but_its_last_layer()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using (var two = new PerceiverForSequenceClassification(TinyModels.Config, seed: 4))
            two.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        var (model, report) = checkpoint.Load(
            c => new PerceiverForSequenceClassification(c, initialize: false),
            checkpoint.Config.WithLabels(["a", "b", "c"]),
            newHead: true);
        model.Dispose();
        CollectionAssert.AreEquivalent(
            new[] { "perceiver.decoder.decoder.final_layer.weight", "perceiver.decoder.decoder.final_layer.bias" },
            report.NewlyInitialized.ToArray());
    }

    [TestMethod]
    public void Weights_of_the_bare_model_load_into_a_head_and_back()
    {
        using var scope = NewDisposeScope();
        using TemporaryFolder bareFolder = new(), headFolder = new();
        using var bare = new PerceiverModel(
            TinyModels.Config, inputPreprocessor: new PerceiverTextPreprocessor(TinyModels.Config), seed: 4);
        bare.SavePretrained(bareFolder.Path);
        var (head, _) = PerceiverCheckpoint.FromDirectory(bareFolder.Path).Load(
            c => new PerceiverForMaskedLM(c, initialize: false), newHead: true);
        using (head)
        {
            Assert.AreEqual(
                0f, TinyModels.MaxDifference(bare.state_dict()["embeddings.latents"], head.state_dict()["perceiver.embeddings.latents"]));
            head.SavePretrained(headFolder.Path);
        }

        var (again, report) = PerceiverCheckpoint.FromDirectory(headFolder.Path).Load(
            c => new PerceiverModel(c, inputPreprocessor: new PerceiverTextPreprocessor(c), initialize: false), newHead: true);
        using (again)
        {
            Assert.IsEmpty(report.NewlyInitialized);
            Assert.AreEqual(
                0f, TinyModels.MaxDifference(bare.state_dict()["embeddings.latents"], again.state_dict()["embeddings.latents"]));
        }
    }

    [TestMethod]
    public void What_does_not_fit_is_listed_and_nothing_is_copied()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using (var other = new PerceiverForMaskedLM(TinyModels.Config with { LatentChannels = 32 }, seed: 4))
            other.SavePretrained(folder.Path);
        File.WriteAllText(folder["config.json"], TinyModels.Config.ToJson());
        foreach (bool newHead in new[] { false, true })
        {
            var e = Assert.ThrowsExactly<FormatException>(
                () =>
                    PerceiverCheckpoint.FromDirectory(folder.Path).Load(
                        c => new PerceiverForMaskedLM(c, initialize: false), newHead: newHead));
            StringAssert.Contains(e.Message, "perceiver.embeddings.latents is Float32 [6, 32], the model's Float32 [6, 16]");
        }

        using var model = new PerceiverForSequenceClassification(TinyModels.Config, seed: 1);
        var before = model.state_dict().ToDictionary(p => p.Key, p => p.Value.clone());
        using var file = SafeTensorsFile.Open(folder["model.safetensors"]);
        var mismatch = Assert.ThrowsExactly<FormatException>(
            () => CheckpointLoader.Load(model, file, newHead: false, seed: 0, standardDeviation: 1));
        StringAssert.Contains(mismatch.Message, "Missing");
        StringAssert.Contains(mismatch.Message, "Unexpected");
        StringAssert.Contains(mismatch.Message, "Of another shape");
        foreach (var (name, value) in before)
            Assert.AreEqual(0f, TinyModels.MaxDifference(value, model.state_dict()[name]), name);
    }

    [TestMethod]
    public void Half_precision_files_load_into_single_precision_models()
    {
        using var scope = NewDisposeScope();
        string folder = GoldenFolder.BundledPathOf("models", "mlm_default");
        foreach (string kind in new[] { "fp16", "bf16" })
        {
            using var file = SafeTensorsFile.Open(Path.Combine(folder, $"model.{kind}.safetensors"));
            using var model = new PerceiverForMaskedLM(PerceiverConfig.FromFile(folder), initialize: false);
            CheckpointLoader.Load(model, file, newHead: false, seed: 0, standardDeviation: 1);
            Assert.IsTrue(model.parameters().All(p => p.dtype == ScalarType.Float32));
            Assert.AreEqual(0f, TinyModels.MaxDifference(
                file.Get("perceiver.embeddings.latents").to(ScalarType.Float32), model.state_dict()["perceiver.embeddings.latents"]));
        }
    }

    [TestMethod]
    public void A_mapped_model_trains_and_its_file_stays_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string file = folder["model.safetensors"];
        using (var saved = new PerceiverForSequenceClassification(TinyModels.Config, seed: 4))
            saved.SavePretrained(folder.Path);
        byte[] before = File.ReadAllBytes(file);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path).WithMappedWeights();
        using var model = checkpoint.Load(c => new PerceiverForSequenceClassification(c, initialize: false)).Model;
        var weights = model.state_dict().ToDictionary(p => p.Key, p => p.Value.clone());
        PerceiverTextExample[] rows = Enumerable.Range(0, 8).Select(i => new PerceiverTextExample([4, 70 + i, 5], [i % 2])).ToArray();
        var options = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 4, WarmupFraction = 0 };
        var result = PerceiverTrainer.Run(
            new PerceiverTextClassificationObjective(model, PerceiverProblemType.SingleLabel, [.. rows], [], options), options);
        Assert.AreEqual(PerceiverTrainingStopReason.Completed, result.StopReason);
        foreach (var (name, value) in model.state_dict())
        {
            // A key's bias has no gradient but rounding, and positions that no text has have none at all.
            if (!name.EndsWith("key.bias", StringComparison.Ordinal))
                Assert.IsGreaterThan(0f, TinyModels.MaxDifference(value, weights[name]), name);
        }

        CollectionAssert.AreEqual(before, File.ReadAllBytes(file));
    }

    [TestMethod]
    public void Missing_folders_and_files_are_named()
    {
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => PerceiverCheckpoint.FromDirectory("/no/such/folder"));
        using var folder = new TemporaryFolder();
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromDirectory(folder.Path)).Message, "config.json");
        File.WriteAllText(folder["config.json"], "{}");
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromDirectory(folder.Path)).Message, "model.safetensors");
    }

    [TestMethod]
    public void An_unwritable_folder_is_an_error_and_leaves_nothing()
    {
        using var model = new PerceiverForMaskedLM(TinyModels.Config);
        using var folder = new TemporaryFolder();
        string file = folder["a-file"];
        File.WriteAllText(file, "x");
        Assert.Throws<IOException>(() => model.SavePretrained(Path.Combine(file, "below")));
        Assert.AreEqual("x", File.ReadAllText(file));
    }

    [TestMethod]
    [DataRow(PerceiverPrecision.Float16, 2)]
    [DataRow(PerceiverPrecision.BFloat16, 2)]
    [DataRow(PerceiverPrecision.Float32, 4)]
    public void Weights_are_saved_in_the_precision_asked_for_and_load_as_float32(PerceiverPrecision precision, int size)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Modules.TinyModels.Config);
        model.SavePretrained(folder.Path, precision);
        using var loaded = PerceiverForMaskedLM.FromPretrained(folder.Path);
        Assert.IsTrue(loaded.parameters().All(p => p.dtype == ScalarType.Float32));
        long weights = model.parameters().Sum(p => p.NumberOfElements);
        Assert.AreEqual(weights * size, new FileInfo(folder["model.safetensors"]).Length, weights * 0.5);
        float difference = model.parameters().Zip(loaded.parameters(), Modules.TinyModels.MaxDifference).Max();
        Assert.AreEqual(precision == PerceiverPrecision.Float32, difference == 0);
        Assert.IsLessThan(1e-2f, difference);
    }
}
