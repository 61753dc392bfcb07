using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

[TestClass]
public sealed class ShardedCheckpointTests
{
    [TestMethod]
    public void Pieces_of_either_format_load_as_the_whole_does()
    {
        using var scope = NewDisposeScope();
        string source = GoldenFolder.BundledPathOf("models", "mlm_default");
        using var whole = PerceiverCheckpointWeights.Open(source);
        string[] names = [.. whole.Tensors.Select(t => t.Name)];
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(source, "config.json"), folder["config.json"]);
        foreach (var (part, at) in names.Chunk(30).Select((p, i) => (p, i)))
            SafeTensorsWriter.WriteFile(folder[$"model-{at}.safetensors"], part.ToDictionary(n => n, whole.Get));
        Index(folder.Path, "model.safetensors.index.json", names.Select((n, i) => (n, $"model-{i / 30}.safetensors")));
        Check(folder.Path, 3);

        // The other format: one file of all, and a second that has what the index takes from the first.
        using var binFolder = new TemporaryFolder();
        File.Copy(Path.Combine(source, "config.json"), binFolder["config.json"]);
        foreach (string name in new[] { "a.bin", "b.bin" })
            File.Copy(Path.Combine(source, "pytorch_model.bin"), binFolder[name]);
        Index(binFolder.Path, "pytorch_model.bin.index.json", names.Select((n, i) => (n, i < 20 ? "a.bin" : "b.bin")));
        Check(binFolder.Path, 2);

        void Check(string sharded, int files)
        {
            using var weights = PerceiverCheckpointWeights.Open(sharded);
            Assert.HasCount(files, weights.Files);
            CollectionAssert.AreEquivalent(names, weights.Tensors.Select(t => t.Name).ToArray());
            foreach (string name in names)
                Assert.AreEqual(0f, TinyModels.MaxDifference(whole.Get(name), weights.Get(name)), name);
            using var model = PerceiverForMaskedLM.FromPretrained(sharded);
            Assert.AreEqual(0f, TinyModels.MaxDifference(whole.Get(names[0]), model.state_dict()[names[0]]));
        }
    }

    [TestMethod]
    [DataRow("../model.safetensors")]
    [DataRow("/etc/passwd")]
    [DataRow("sub/model.safetensors")]
    [DataRow("C:\\\\x")]
    [DataRow("..")]
    [DataRow("")]
    public void A_path_that_leaves_the_folder_is_refused(string file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.safetensors.index.json"], $$"""{"weight_map":{"a":"{{file}}"} }""");
        StringAssert.Contains(
            Assert.ThrowsExactly<FormatException>(() => PerceiverCheckpointWeights.Open(folder.Path).Dispose()).Message,
            "no file beside it");
    }

    [TestMethod]
    [DataRow("{")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("""{"weight_map":[]}""")]
    [DataRow("""{"weight_map":{"a":1}}""")]
    [DataRow("""{"weight_map":{"a":"a.safetensors","a":"b.safetensors"}}""")]
    public void A_damaged_index_is_a_format_error(string json)
    {
        using var folder = new TemporaryFolder();
        string index = folder["model.safetensors.index.json"];
        File.WriteAllText(index, json);
        StringAssert.Contains(
            Assert.ThrowsExactly<FormatException>(() => PerceiverCheckpointWeights.Open(folder.Path).Dispose()).Message, index);
    }

    [TestMethod]
    public void What_a_piece_lacks_and_a_piece_that_is_missing_are_named()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        SafeTensorsWriter.WriteFile(folder["one.safetensors"], new Dictionary<string, Tensor> { ["a"] = ones(2), ["b"] = ones(2) });
        Index(folder.Path, "model.safetensors.index.json", [("a", "one.safetensors"), ("c", "one.safetensors")]);
        StringAssert.Contains(
            Assert.ThrowsExactly<FormatException>(() => PerceiverCheckpointWeights.Open(folder.Path).Dispose()).Message,
            "has c; it has not");
        Index(folder.Path, "model.safetensors.index.json", [("a", "one.safetensors"), ("c", "two.safetensors")]);
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpointWeights.Open(folder.Path).Dispose()).Message,
            "two.safetensors");
        using var empty = new TemporaryFolder();
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpointWeights.Open(empty.Path).Dispose()).Message,
            "pytorch_model.bin");
    }

    [TestMethod]
    public void A_bin_file_is_written_as_safetensors_in_any_precision()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string source = GoldenFolder.BundledPathOf("models", "conv_multi"), path = folder["model.safetensors"];
        using var bin = PerceiverCheckpointWeights.Open(Path.Combine(source, "pytorch_model.bin"));
        bin.SaveAs(path);
        using (var expected = SafeTensorsFile.Open(Path.Combine(source, "model.safetensors")))
        using (var written = SafeTensorsFile.Open(path))
        {
            Assert.AreEqual("pt", written.Metadata["format"]);
            Assert.HasCount(expected.Tensors.Count, written.Tensors);
            foreach (var info in expected.Tensors)
                CollectionAssert.AreEqual(expected.Get(info.Name).bytes.ToArray(), written.Get(info.Name).bytes.ToArray(), info.Name);
        }

        bin.SaveAs(path, PerceiverPrecision.BFloat16);
        using var half = SafeTensorsFile.Open(path);
        using var twin = SafeTensorsFile.Open(Path.Combine(source, "model.bf16.safetensors"));
        foreach (var info in twin.Tensors)
            CollectionAssert.AreEqual(twin.Get(info.Name).bytes.ToArray(), half.Get(info.Name).bytes.ToArray(), info.Name);
    }

    private static void Index(string folder, string name, IEnumerable<(string Name, string File)> map) =>
        File.WriteAllText(
            Path.Combine(folder, name),
            System.Text.Json.JsonSerializer.Serialize(
                new { metadata = new { total_size = 1 }, weight_map = map.ToDictionary(m => m.Name, m => m.File) }));
}
