using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

[TestClass]
public sealed class PyTorchFileTests
{
    public static IEnumerable<object[]> Twins =>
        from model in new[] { "mlm_default", "conv_multi" }
        from pair in new[]
        {
            ("pytorch_model.bin", "model"),
            ("pytorch_model.fp16.bin", "model.fp16"),
            ("pytorch_model.bf16.bin", "model.bf16"),
            ("tensors.bin", "tensors"),
            ("nested.bin", "nested"),
        }
        select new object[] { model, pair.Item1, pair.Item2 + ".safetensors" };

    [TestMethod]
    [DynamicData(nameof(Twins))]
    public void Every_file_of_the_reference_equals_its_twin(string model, string pickled, string twin)
    {
        AssertTwins(model, pickled, twin, isMapped: false);
        AssertTwins(model, pickled, twin, isMapped: true);
    }

    private static void AssertTwins(string model, string pickled, string twin, bool isMapped)
    {
        using var scope = NewDisposeScope();
        using var expected = SafeTensorsFile.Open(GoldenFolder.BundledPathOf("models", model, twin), isMapped);
        using var file = PyTorchFile.Open(GoldenFolder.BundledPathOf("models", model, pickled), isMapped);
        CollectionAssert.AreEquivalent(expected.Tensors.Select(t => t.Name).ToArray(), file.Tensors.Select(t => t.Name).ToArray());
        foreach (var info in expected.Tensors)
        {
            var (wanted, found) = (expected.Get(info.Name), file.Get(info.Name));
            Assert.AreEqual(wanted.dtype, found.dtype, info.Name);
            CollectionAssert.AreEqual(wanted.shape, found.shape, info.Name);
            Assert.IsTrue(found.is_contiguous(), info.Name);
            CollectionAssert.AreEqual(wanted.bytes.ToArray(), found.bytes.ToArray(), info.Name);
        }
    }

    [TestMethod]
    [DataRow("mlm_default")]
    [DataRow("conv_multi")]
    public void A_folder_with_nothing_but_a_bin_file_gives_the_same_model(string model)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string source = GoldenFolder.BundledPathOf("models", model);
        foreach (string name in new[] { "config.json", "pytorch_model.bin" })
            File.Copy(Path.Combine(source, name), folder[name]);
        var states = new[] { source, folder.Path }.Select(f => PerceiverModels.FromPretrained(f).state_dict()).ToArray();
        StringAssert.EndsWith(PerceiverCheckpoint.FromDirectory(folder.Path).Source, "pytorch_model.bin");
        CollectionAssert.AreEquivalent(states[0].Keys, states[1].Keys);
        foreach (var (name, value) in states[0])
            CollectionAssert.AreEqual(value.bytes.ToArray(), states[1][name].bytes.ToArray(), name);
    }

    [TestMethod]
    [DataRow("mlm_default")]
    [DataRow("conv_multi")]
    public void Tensors_on_shared_bytes_are_trained_apart_and_the_file_stays(string model)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = folder["t.bin"];
        File.Copy(GoldenFolder.BundledPathOf("models", model, "tensors.bin"), path);
        byte[] before = File.ReadAllBytes(path);
        using var file = PyTorchFile.Open(path);
        var tensors = file.Tensors.ToDictionary(t => t.Name, t => file.Get(t.Name));
        var copies = tensors.ToDictionary(t => t.Key, t => t.Value.clone());
        tensors["alias_a"].add_(1);
        foreach (var (name, value) in tensors.Where(t => t.Key != "alias_a"))
            CollectionAssert.AreEqual(copies[name].bytes.ToArray(), value.bytes.ToArray(), name);
        file.Dispose();
        tensors["expanded"].add_(1);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
        Assert.ThrowsExactly<ObjectDisposedException>(() => file.Get("float64").Dispose());
    }

    [TestMethod]
    public void Missing_files_and_names_are_named()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => PyTorchFile.Open("/no/such.bin").Dispose()).Message, "/no/such.bin");
        using var file = PyTorchFile.Open(GoldenFolder.BundledPathOf("models", "mlm_default", "nested.bin"));
        StringAssert.Contains(Assert.ThrowsExactly<KeyNotFoundException>(() => file.Get("state_dict")).Message, "state_dict");
    }
}
