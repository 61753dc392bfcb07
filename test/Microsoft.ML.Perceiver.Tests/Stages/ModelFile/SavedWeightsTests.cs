using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Stages.ModelFile;

/// <summary>
/// Where the weights of saved models go: into the model file, into a file of their own, or into a folder for Hugging Face.
/// </summary>
[TestClass]
public sealed class SavedWeightsTests : IDisposable
{
    private readonly MLContext _context = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_model_file_can_point_to_its_weights()
    {
        string weights = _folder["weights.safetensors"], zip = _folder["model.zip"], whole = _folder["whole.zip"];
        float[] expected = Save(FillMask(weights), zip);
        Save(FillMask(null), whole);
        Assert.IsLessThan(new FileInfo(whole).Length / 4, new FileInfo(zip).Length);
        AssertClose(expected, Predict(Load(zip)));
        AssertClose(expected, Predict(Load(whole)));

        // What was loaded is saved as it was.
        using (var loaded = (PerceiverFillMaskTransformer)Load(zip))
            _context.Model.Save(loaded, Texts().Schema, _folder["again.zip"]);
        AssertClose(expected, Predict(Load(_folder["again.zip"])));

        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.Contains("SHA-256", Fault(zip));
        File.Delete(weights);
        Assert.Contains(weights, Fault(zip));
        AssertClose(expected, Predict(Load(whole)));
    }

    [TestMethod]
    public void A_checkpoints_own_file_is_pointed_to_and_left_as_it_is()
    {
        using (var model = new PerceiverForMaskedLM(TinyModels.Config, seed: 3))
            model.SavePretrained(_folder.Path);
        string weights = _folder["model.safetensors"];
        var before = File.GetLastWriteTimeUtc(weights);
        var options = new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromDirectory(_folder.Path), WeightsFile = weights };
        float[] expected = Save(options, _folder["model.zip"]);
        Assert.AreEqual(before, File.GetLastWriteTimeUtc(weights));
        AssertClose(expected, Predict(Load(_folder["model.zip"])));

        // Other weights take its place.
        Save(FillMask(weights), _folder["other.zip"]);
        Assert.Contains("SHA-256", Fault(_folder["model.zip"]));
        Assert.ThrowsExactly<ArgumentException>(() => Save(FillMask(""), zip: _folder["none.zip"]));
    }

    [TestMethod]
    public void Saving_and_loading_take_no_array_of_the_weights_size()
    {
        var config = TinyModels.Config with { LatentChannels = 256, NumSelfAttendsPerBlock = 24 };
        var options = new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(config) };
        Save(FillMask(null), _folder["warm-up.zip"]);
        using var transformer = _context.Transforms.PerceiverFillMask(options).Fit(Texts());
        long weights = transformer.Model.parameters().Sum(p => p.NumberOfElements) * 4;
        Assert.IsGreaterThan(24L << 20, weights);
        // Of this thread, which does both: others of the process allocate meanwhile.
        long before = GC.GetAllocatedBytesForCurrentThread();
        _context.Model.Save(transformer, Texts().Schema, _folder["model.zip"]);
        long saved = GC.GetAllocatedBytesForCurrentThread();
        Assert.IsLessThan(weights / 8, saved - before);
        using var loaded = (PerceiverFillMaskTransformer)Load(_folder["model.zip"]);
        Assert.IsLessThan(weights / 8, GC.GetAllocatedBytesForCurrentThread() - saved);
    }

    [TestMethod]
    public void Every_text_stage_writes_what_from_pretrained_reads()
    {
        var data = _context.Data.LoadFromEnumerable([new Row { Text = "good", Label = "yes" }, new Row { Text = "bad", Label = "no" }]);
        var labelled = _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        using var classifier = _context.MulticlassClassification.Trainers.PerceiverText(
            "Label", "Text", checkpoint: PerceiverCheckpoint.FromConfig(TinyModels.Config), training: new() { Epochs = 1 }).Fit(labelled);
        using var filler = _context.Transforms.PerceiverFillMask(FillMask(null)).Fit(data);
        using var features = _context.Transforms.PerceiverFeatures(PerceiverCheckpoint.FromConfig(TinyModels.Config), "Features", "Text")
            .Fit(data);
        (PerceiverTransformer, string)[] stages =
        [
            (classifier, "PerceiverForSequenceClassification"),
            (filler, "PerceiverForMaskedLM"),
            (features, "PerceiverModel"),
        ];
        foreach (var (transformer, architecture) in stages)
        {
            string folder = _folder[architecture];
            transformer.SavePretrained(folder, PerceiverPrecision.BFloat16);
            CollectionAssert.AreEquivalent(
                new[] { "config.json", "model.safetensors", "special_tokens_map.json", "tokenizer_config.json" }, Directory.GetFiles(folder)
                    .Select(Path.GetFileName).ToArray());
            var config = PerceiverConfig.FromFile(folder);
            Assert.AreEqual(architecture, config.Architectures!.Single());
            Assert.AreEqual("bfloat16", config.OtherKeys["torch_dtype"].GetString());
            Assert.AreEqual(TinyModels.Config.MaxPositionEmbeddings, PerceiverTokenizer.FromDirectory(folder).Options.ModelMaxLength);
            using var file = SafeTensorsFile.Open(Path.Combine(folder, "model.safetensors"));
            Assert.AreEqual("pt", file.Metadata["format"]);
        }

        CollectionAssert.AreEqual(
            new[] { "yes", "no" }, PerceiverConfig.FromFile(_folder["PerceiverForSequenceClassification"]).LabelNames.ToArray());
        using var again = PerceiverForSequenceClassification.FromPretrained(_folder["PerceiverForSequenceClassification"]);
        Assert.AreEqual(2, again.Config.NumLabels);
    }

    private PerceiverFillMaskOptions FillMask(string? weightsFile) =>
        new()
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(TinyModels.Config with { InitializerRange = 0.3 }, 3),
            WeightsFile = weightsFile,
        };

    private IDataView Texts() => _context.Data.LoadFromEnumerable([new Row { Text = "a[MASK]c" }]);

    private float[] Save(PerceiverFillMaskOptions options, string zip)
    {
        using var transformer = _context.Transforms.PerceiverFillMask(options).Fit(Texts());
        _context.Model.Save(transformer, Texts().Schema, zip);
        return transformer.Transform(Texts()).GetColumn<float[]>("LogProbabilities").Single();
    }

    private float[] Predict(ITransformer transformer)
    {
        using var _ = (IDisposable)transformer;
        return transformer.Transform(Texts()).GetColumn<float[]>("LogProbabilities").Single();
    }

    // Weights that lie elsewhere in memory may be added up in another order.
    private static void AssertClose(float[] expected, float[] found) => FloatAssert.AreClose(expected, found, 1e-4f);

    private static ITransformer Load(string zip) => new MLContext().Model.Load(zip, out _);

    private static string Fault(string zip) => Assert.Throws<Exception>(() => Load(zip)).ToString();

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
