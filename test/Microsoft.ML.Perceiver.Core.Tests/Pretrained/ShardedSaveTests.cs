using System.Text.Json.Nodes;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

/// <summary>Weights that are written into several files, and what an earlier save in the same folder leaves.</summary>
[TestClass]
public sealed class ShardedSaveTests
{
    private const string Whole = "model.safetensors", Index = "model.safetensors.index.json";

    [TestMethod]
    [DataRow(20_000L, PerceiverPrecision.Float32)]
    [DataRow(20_000L, PerceiverPrecision.BFloat16)]
    [DataRow(1L, PerceiverPrecision.Float32)]
    public void Files_are_named_filled_and_indexed_as_the_reference_does_and_load_bit_by_bit(long size, PerceiverPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 4);
        model.SavePretrained(folder.Path, precision, size);

        var index = JsonNode.Parse(File.ReadAllText(folder[Index]))!;
        var map = index["weight_map"]!.AsObject().ToDictionary(p => p.Key, p => p.Value!.GetValue<string>());
        string[] names = [.. map.Values.Distinct().Order()];
        var state = model.state_dict();
        long bytesOfNumber = precision == PerceiverPrecision.Float32 ? 4 : 2;
        Assert.AreEqual(state.Values.Sum(t => t.NumberOfElements) * bytesOfNumber, index["metadata"]!["total_size"]!.GetValue<long>());
        CollectionAssert.AreEquivalent(state.Keys.ToArray(), map.Keys.ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(1, names.Length).Select(i => $"model-{i:00000}-of-{names.Length:00000}.safetensors").ToArray(), names);
        CollectionAssert.AreEqual(names, WeightFiles(folder));
        Assert.IsFalse(File.Exists(folder[Whole]));
        Assert.IsGreaterThan(3, names.Length);

        // Each file has neighbours of the state dictionary, and no room for the first of the next file.
        string[] files = [.. state.Keys.Select(name => map[name])];
        CollectionAssert.AreEqual(files.Order().ToArray(), files);
        long[] sizes = [.. state.Values.Select(t => t.NumberOfElements * bytesOfNumber)];
        for (int first = 0, next; first < files.Length; first = next)
        {
            next = Enumerable.Range(first, files.Length - first).FirstOrDefault(i => files[i] != files[first], files.Length);
            long own = sizes[first..next].Sum();
            Assert.IsTrue(own <= size || next == first + 1, files[first]);
            Assert.IsTrue(next == files.Length || own + sizes[next] > size, files[first]);
        }

        using var loaded = PerceiverForMaskedLM.FromPretrained(folder.Path);
        foreach (var (name, value) in loaded.state_dict())
            Assert.IsTrue(value.equal(state[name].to(precision.ToScalarType()).to(ScalarType.Float32)).all().item<bool>(), name);
        using var file = SafeTensorsFile.Open(folder[names[0]]);
        Assert.AreEqual("pt", file.Metadata["format"]);
    }

    [TestMethod]
    public void A_model_that_fits_is_one_file_without_an_index()
    {
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 4);
        model.SavePretrained(folder.Path, maxShardSize: model.state_dict().Values.Sum(t => t.NumberOfElements * 4));
        Assert.IsTrue(File.Exists(folder[Whole]));
        Assert.IsFalse(File.Exists(folder[Index]));
        model.SavePretrained(folder.Path);
        Assert.IsEmpty(WeightFiles(folder));
    }

    [TestMethod]
    [DataRow(0L, 0L)]
    [DataRow(0L, 20_000L)]
    [DataRow(20_000L, 0L)]
    [DataRow(20_000L, 20_000L)]
    [DataRow(20_000L, 60_000L)]
    [DataRow(60_000L, 1L)]
    public void A_second_save_leaves_nothing_of_the_first(long firstSize, long secondSize)
    {
        using var scope = NewDisposeScope();
        using TemporaryFolder folder = new(), fresh = new();
        using PerceiverForMaskedLM first = Model(seed: 4), second = Model(seed: 5);
        File.WriteAllText(folder["model-notes-00001-of-00002.txt"], "mine");
        first.SavePretrained(folder.Path, maxShardSize: SizeOf(firstSize));
        second.SavePretrained(folder.Path, maxShardSize: SizeOf(secondSize));
        second.SavePretrained(fresh.Path, maxShardSize: SizeOf(secondSize));
        CollectionAssert.AreEquivalent(
            Directory.GetFiles(fresh.Path).Select(Path.GetFileName).Append("model-notes-00001-of-00002.txt").ToArray(),
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
        AssertHas(folder.Path, second);

        static long SizeOf(long size) => size == 0 ? PerceiverPreTrainedModel.DefaultMaxShardSize : size;
    }

    [TestMethod]
    [DataRow(1L)]
    [DataRow(PerceiverPreTrainedModel.DefaultMaxShardSize)]
    public void An_error_while_writing_leaves_the_folder_as_it_was(long size)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 4);
        model.SavePretrained(folder.Path, maxShardSize: size);
        var before = Contents(folder);
        var failing = new PendingTensor("b", ScalarType.Float32, [2], () => throw new IOException("The disk is full."));
        var weights = WeightShards.Of([PendingTensor.Of("a", ones(2)), failing], 8);
        Assert.HasCount(2, weights.Files);
        Assert.ThrowsExactly<IOException>(() => new PretrainedFolder(folder.Path).Write(weights, "{}", ModelInputs.NoFiles));
        var after = Contents(folder);
        CollectionAssert.AreEquivalent(before.Keys.ToArray(), after.Keys.ToArray());
        foreach (var (name, content) in before)
            CollectionAssert.AreEqual(content, after[name], name);
        AssertHas(folder.Path, model);
    }

    [TestMethod]
    [DataRow("config.json")]
    [DataRow("model-00002-of-00005.safetensors")]
    [DataRow(Index)]
    public void A_file_that_cannot_be_replaced_leaves_no_index_to_missing_or_mixed_files(string blocked)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using PerceiverForMaskedLM first = Model(seed: 4), second = Model(seed: 5);
        first.SavePretrained(folder.Path, maxShardSize: 20_000);
        int count = WeightFiles(folder).Length;
        string path = folder[blocked.Replace("00005", $"{count:00000}", StringComparison.Ordinal)];
        Assert.IsTrue(File.Exists(path), path);
        File.Delete(path);
        // A folder of the file's name is in the way.
        Directory.CreateDirectory(path);
        Assert.IsNotNull(Assert.Throws<Exception>(() => second.SavePretrained(folder.Path, maxShardSize: 20_000)));
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*.tmp"));
        Directory.Delete(path);
        if (!File.Exists(folder[Index]))
            return;
        using var weights = PerceiverCheckpointWeights.Open(folder[Index]);
        var state = second.state_dict();
        Assert.HasCount(state.Count, weights.Tensors);
        Assert.IsTrue(weights.Tensors.All(t => state[t.Name].equal(weights.Get(t.Name)).all().item<bool>()));
    }

    [TestMethod]
    public void A_model_is_saved_over_the_mapped_files_that_it_was_loaded_from()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 4);
        model.SavePretrained(folder.Path, maxShardSize: 20_000);
        using var mapped = PerceiverCheckpoint.FromDirectory(folder.Path).WithMappedWeights()
            .Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        mapped.SavePretrained(folder.Path, maxShardSize: 20_000);
        AssertHas(folder.Path, model);
        mapped.SavePretrained(folder.Path);
        AssertHas(folder.Path, model);
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(-1L)]
    public void A_size_that_is_not_positive_is_refused(long size)
    {
        using var folder = new TemporaryFolder();
        using var model = Model(seed: 4);
        Assert.AreEqual(
            "maxShardSize",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.SavePretrained(folder.Path, maxShardSize: size)).ParamName);
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    private static PerceiverForMaskedLM Model(long seed) => new(TinyModels.Config, seed: seed);

    private static string[] WeightFiles(TemporaryFolder folder) =>
        [.. Directory.GetFiles(folder.Path, "model-0*.safetensors").Select(path => Path.GetFileName(path)!).Order()];

    private static Dictionary<string, byte[]> Contents(TemporaryFolder folder) =>
        Directory.GetFiles(folder.Path).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    private static void AssertHas(string folder, PerceiverForMaskedLM expected)
    {
        using var loaded = PerceiverForMaskedLM.FromPretrained(folder);
        var state = loaded.state_dict();
        foreach (var (name, value) in expected.state_dict())
            Assert.IsTrue(value.equal(state[name]).all().item<bool>(), name);
    }
}
