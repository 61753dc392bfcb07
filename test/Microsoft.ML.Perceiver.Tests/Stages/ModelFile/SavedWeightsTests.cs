using System.Diagnostics;
using System.IO.Compression;
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

        // Only the user of a loaded model says where its weights go.
        using (var loaded = (PerceiverFillMaskTransformer)Load(zip))
        {
            Assert.IsNull(loaded.WeightsFile);
            _context.Model.Save(loaded, Texts().Schema, _folder["again.zip"]);
            loaded.WeightsFile = _folder["second.safetensors"];
            _context.Model.Save(loaded, Texts().Schema, _folder["third.zip"]);
        }

        AssertClose(expected, Predict(Load(_folder["again.zip"])));
        AssertClose(expected, Predict(Load(_folder["third.zip"])));
        Assert.IsGreaterThan(4 * new FileInfo(_folder["third.zip"]).Length, new FileInfo(_folder["again.zip"]).Length);

        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        Assert.Contains("another SHA-256", Fault(zip));
        File.Delete(weights);
        Assert.Contains(weights, Fault(zip));
        AssertClose(expected, Predict(Load(whole)));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_model_and_its_weights_move_together(bool isMapped)
    {
        string weights = _folder["weights.safetensors"], zip = _folder["model.zip"];
        var options = FillMask(weights);
        options.MapWeights = isMapped;
        float[] expected = Save(options, zip);
        string other = Directory.CreateDirectory(_folder["other"]).FullName;
        File.Move(zip, Path.Combine(other, "model.zip"));
        File.Move(weights, Path.Combine(other, "weights.safetensors"));
        // Weights of another model lie where the first ones were; those beside the model are preferred.
        Save(FillMask(weights, seed: 4), _folder["new.zip"]);
        AssertClose(expected, Predict(Load(Path.Combine(other, "model.zip"))));
        // Beside a model, those of another one are passed by.
        File.Copy(_folder["new.zip"], Path.Combine(other, "new.zip"));
        AssertClose(Predict(Load(_folder["new.zip"])), Predict(Load(Path.Combine(other, "new.zip"))));
    }

    [TestMethod]
    public void Nothing_but_weights_is_overwritten_by_weights()
    {
        string file = _folder["thesis.txt"];
        File.WriteAllText(file, "A day's work.");
        var error = Assert.ThrowsExactly<IOException>(() => Save(FillMask(file), _folder["model.zip"]));
        Assert.Contains(file, error.Message);
        Assert.AreEqual("A day's work.", File.ReadAllText(file));
    }

    [TestMethod]
    public void A_loaded_model_does_not_depend_on_its_file()
    {
        string weights = _folder["weights.safetensors"], zip = _folder["model.zip"];
        float[] expected = Save(FillMask(weights), zip);
        using var overwritten = (PerceiverFillMaskTransformer)Load(zip);
        byte[] bytes = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, new byte[bytes.Length]);
        AssertClose(expected, overwritten.Transform(Texts()).GetColumn<float[]>("LogProbabilities").Single());

        File.WriteAllBytes(weights, bytes);
        using var truncated = (PerceiverFillMaskTransformer)Load(zip);
        using (var stream = File.OpenWrite(weights))
            stream.SetLength(0);
        AssertClose(expected, truncated.Transform(Texts()).GetColumn<float[]>("LogProbabilities").Single());
    }

    [TestMethod]
    public void A_loaded_checkpoint_does_not_depend_on_its_file()
    {
        using (var model = new PerceiverForMaskedLM(TinyModels.Config with { InitializerRange = 0.3 }, seed: 3))
            model.SavePretrained(_folder.Path);
        string weights = _folder["model.safetensors"];
        var checkpoint = PerceiverCheckpoint.FromDirectory(_folder.Path);
        using var transformer = _context.Transforms.PerceiverFillMask(checkpoint).Fit(Texts());
        float[] expected = transformer.Transform(Texts()).GetColumn<float[]>("LogProbabilities").Single();
        // A mapped file may be replaced by another of its name.
        var options = new PerceiverFillMaskOptions { Checkpoint = checkpoint, MapWeights = true };
        using var mapped = _context.Transforms.PerceiverFillMask(options).Fit(Texts());
        File.Copy(weights, _folder["copy"]);
        File.Move(_folder["copy"], weights, overwrite: true);
        using (var stream = File.OpenWrite(weights))
            stream.SetLength(0);
        AssertClose(expected, transformer.Transform(Texts()).GetColumn<float[]>("LogProbabilities").Single());
        AssertClose(expected, mapped.Transform(Texts()).GetColumn<float[]>("LogProbabilities").Single());
    }

    [TestMethod]
    [DataRow("/dev/zero")]
    [DataRow("/dev/stdin")]
    [DataRow("pipe")]
    [OSCondition(OperatingSystems.Linux)]
    public void Weights_are_read_from_files_alone(string name)
    {
        string weights = _folder["weights.safetensors"], zip = _folder["model.zip"];
        Save(FillMask(weights), zip);
        File.Delete(weights);
        string target = name == "pipe" ? _folder["pipe"] : name;
        if (name == "pipe")
            Process.Start("mkfifo", [target]).WaitForExit();
        // A link beside the model stands for any path that a model may name.
        File.CreateSymbolicLink(weights, target);
        var load = Task.Run(() => Fault(zip));
        Assert.IsTrue(load.Wait(TimeSpan.FromSeconds(60)));
        Assert.Contains("FormatException", load.Result);
    }

    [TestMethod]
    public void A_text_in_a_model_file_is_bounded()
    {
        string zip = _folder["model.zip"];
        Save(FillMask(null), zip);
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Update))
        {
            var entry = archive.Entries.Single(e => e.Name == "Settings.json");
            string name = entry.FullName;
            entry.Delete();
            using var stream = archive.CreateEntry(name).Open();
            byte[] spaces = Enumerable.Repeat((byte)' ', 1 << 20).ToArray();
            for (int i = 0; i < 64; i++)
                stream.Write(spaces);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("'Settings.json' has 67108864 bytes", Fault(zip));
        Assert.IsLessThan(8L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
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
        Assert.Contains("another SHA-256", Fault(_folder["model.zip"]));
        Assert.ThrowsExactly<ArgumentException>(() => Save(FillMask(""), zip: _folder["none.zip"]));
    }

    [TestMethod]
    public void Saving_and_loading_take_no_array_of_the_weights_size()
    {
        var config = TinyModels.Config with { LatentChannels = 320, NumSelfAttendsPerBlock = 24 };
        var options = new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(config) };
        Save(FillMask(null), _folder["warm-up.zip"]);
        ((PerceiverFillMaskTransformer)Load(_folder["warm-up.zip"])).Dispose();
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

    private static PerceiverFillMaskOptions FillMask(string? weightsFile, long seed = 3) =>
        new()
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(TinyModels.Config with { InitializerRange = 0.3 }, seed),
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
