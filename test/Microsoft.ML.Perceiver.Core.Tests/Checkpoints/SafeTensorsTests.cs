using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

[TestClass]
public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_is_written_is_read_back_bit_by_bit()
    {
        using var scope = NewDisposeScope();
        string path = _folder["t.safetensors"];
        var tensors = new Dictionary<string, Tensor>
        {
            ["float"] = randn(3, 5),
            ["bf16"] = randn(7).to(ScalarType.BFloat16),
            ["half"] = randn(2, 1, 3).to(ScalarType.Float16),
            ["double"] = randn(4).to(ScalarType.Float64),
            ["long"] = tensor(42L),
            ["bool"] = tensor(new[] { true, false, true }),
            ["byte"] = tensor(new byte[] { 1, 2, 3 }),
            ["transposed"] = randn(4, 6).t(),
            ["empty"] = zeros(0, 3),
            ["ünïcode \" \n"] = randn(2),
        };
        SafeTensorsWriter.WriteFile(path, tensors, new Dictionary<string, string> { ["note"] = "kept" });
        using var file = SafeTensorsFile.Open(path);
        Assert.AreEqual("kept", file.Metadata["note"]);
        Assert.AreEqual("pt", file.Metadata["format"]);
        Assert.HasCount(tensors.Count, file.Tensors);
        foreach (var (name, expected) in tensors)
            AssertSame(expected, file.Get(name), name);

        using var stream = File.OpenRead(path);
        var source = new SafeTensorsStream(stream, length: null, "stream");
        var streamed = source.ReadAll().ToDictionary(t => t.Info.Name, t => t.Value);
        foreach (var (name, expected) in tensors)
            AssertSame(expected, streamed[name], name);
    }

    [TestMethod]
    public void The_references_files_are_read()
    {
        using var scope = NewDisposeScope();
        using var file = SafeTensorsFile.Open(GoldenFolder.BundledPathOf("models", "mlm_default", "tensors.safetensors"));
        foreach (var info in file.Tensors)
            CollectionAssert.AreEqual(info.Shape.ToArray(), file.Get(info.Name).shape);
    }

    [TestMethod]
    public void A_change_to_a_mapped_tensor_stays_out_of_the_file_and_outlives_it()
    {
        using var scope = NewDisposeScope();
        string path = _folder["t.safetensors"];
        SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = ones(1000) });
        Tensor mapped;
        using (var file = SafeTensorsFile.Open(path, map: true))
            mapped = file.Get("a");
        mapped.mul_(3);
        SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = zeros(10) });
        Assert.AreEqual(3000f, mapped.sum().item<float>());
        using var again = SafeTensorsFile.Open(path);
        Assert.AreEqual(0f, again.Get("a").sum().item<float>());
    }

    [TestMethod]
    public void What_was_read_does_not_depend_on_the_file()
    {
        using var scope = NewDisposeScope();
        string path = _folder["t.safetensors"];
        SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = ones(100_000) });
        using var file = SafeTensorsFile.Open(path);
        var copied = file.Get("a");
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(1000);
            stream.Write(new byte[1000]);
        }

        Assert.AreEqual(100_000f, copied.sum().item<float>());
        Assert.ThrowsExactly<IOException>(() => file.Get("a"));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_file_that_is_open_is_not_mixed_with_one_of_its_name(bool isMapped)
    {
        using var scope = NewDisposeScope();
        string path = _folder["t.safetensors"];
        SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = ones(100) });
        using var file = SafeTensorsFile.Open(path, isMapped);
        SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = zeros(100) });
        Assert.AreEqual(100f, file.Get("a").sum().item<float>());
    }

    [TestMethod]
    public void Tensors_at_odd_offsets_are_read()
    {
        using var scope = NewDisposeScope();
        string path = _folder["t.safetensors"];
        const string header =
            """{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F32","shape":[2],"data_offsets":[3,11]}}""";
        Raw(path, header, [1, 2, 3, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
        using var file = SafeTensorsFile.Open(path);
        CollectionAssert.AreEqual(new[] { 1f, 2f }, file.Get("b").data<float>().ToArray());
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, file.Get("a").data<byte>().ToArray());
    }

    [TestMethod]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "needs 8 bytes")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[4,16]}}""", "claims the bytes")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "begins at byte")]
    [DataRow(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        "begins at byte")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "end at byte")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}""", "shape")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,12]}}""", "cannot be read")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0]}}""", "claims the bytes")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}}""", "claims the bytes")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3.5],"data_offsets":[0,12]}}""", "cannot be read")]
    [DataRow("""{"a":{"dtype":"Q4","shape":[3],"data_offsets":[0,12]}}""", "Q4")]
    [DataRow("""{"a":{"shape":[3],"data_offsets":[0,12]}}""", "cannot be read")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "twice")]
    [DataRow("[1]", "cannot be read")]
    [DataRow("{ ", "cannot be read")]
    public void A_hostile_header_is_a_format_error(string header, string word)
    {
        string path = _folder["t.safetensors"];
        Raw(path, header, new byte[12]);
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => SafeTensorsFile.Open(path).Dispose()).Message, word);
    }

    [TestMethod]
    public void Every_truncation_and_mutation_is_a_format_error_or_another_file()
    {
        using var scope = NewDisposeScope();
        string path = _folder["t.safetensors"];
        SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = randn(3, 5), ["b"] = tensor(1L) });
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole.AsSpan(0, length));
            Assert.ThrowsExactly<FormatException>(() => SafeTensorsFile.Open(path).Dispose());
            using var stream = new MemoryStream(whole, 0, length);
            Assert.ThrowsExactly<FormatException>(
                () => ((ITensorSource)new SafeTensorsStream(stream, length: null, "s")).ReadAll().ToList().ForEach(t => t.Value.Dispose()));
        }

        var random = new Random(1);
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] mutated = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
                mutated[random.Next(200)] = (byte)random.Next(256);
            File.WriteAllBytes(path, mutated);
            try
            {
                using var file = SafeTensorsFile.Open(path);
                foreach (var info in file.Tensors)
                    file.Get(info.Name).Dispose();
            }
            catch (FormatException)
            {
            }
        }
    }

    [TestMethod]
    public void A_huge_claimed_header_allocates_nothing()
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 90_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<FormatException>(() => _ = new SafeTensorsStream(new MemoryStream(bytes), length: null, "s"));
        Assert.IsLessThan(1_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    [DataRow("[", "0,", "0]")]
    [DataRow("{", "\"a\":{},", "\"b\":{}}")]
    [DataRow("{\"a\":{\"dtype\":\"F32\",\"shape\":[", "1,", "1],\"data_offsets\":[0,4]}}")]
    [DataRow("", "[", "")]
    public void A_header_full_of_values_is_refused_soon_and_with_little_memory(string start, string repeated, string end)
    {
        string path = _folder["t.safetensors"];
        int times = ((4 << 20) - start.Length - end.Length) / repeated.Length;
        Raw(path, start + string.Concat(Enumerable.Repeat(repeated, times)) + end, new byte[4]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.ThrowsExactly<FormatException>(() => SafeTensorsFile.Open(path).Dispose());
        // What grows with the square of the values would take hours.
        Assert.IsLessThan(30_000, watch.ElapsedMilliseconds);
        Assert.IsLessThan((64L << 20) + new FileInfo(path).Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void A_failed_write_leaves_the_old_file_and_no_other()
    {
        using var scope = NewDisposeScope();
        string path = _folder["t.safetensors"];
        SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = ones(3) });
        Assert.ThrowsExactly<ArgumentException>(
            () => SafeTensorsWriter.WriteFile(path, new Dictionary<string, Tensor> { ["a"] = ones(3).to(ScalarType.ComplexFloat32) }));
        using var file = SafeTensorsFile.Open(path);
        Assert.AreEqual(3f, file.Get("a").sum().item<float>());
        Assert.HasCount(1, Directory.GetFiles(_folder.Path));
    }

    [TestMethod]
    public void Missing_files_and_names_are_named()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => SafeTensorsFile.Open("/no/such.safetensors").Dispose()).Message,
            "/no/such.safetensors");
        using var file = SafeTensorsFile.Open(GoldenFolder.BundledPathOf("models", "mlm_default", "model.safetensors"));
        StringAssert.Contains(Assert.ThrowsExactly<KeyNotFoundException>(() => file.Get("nothing")).Message, "nothing");
    }

    private static void AssertSame(Tensor expected, Tensor actual, string name)
    {
        Assert.AreEqual(expected.dtype, actual.dtype, name);
        CollectionAssert.AreEqual(expected.shape, actual.shape, name);
        Assert.IsTrue(expected.NumberOfElements == 0 || expected.eq(actual).all().item<bool>(), name);
    }

    private static void Raw(string path, string header, byte[] data)
    {
        using var stream = File.Create(path);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        stream.Write(length);
        stream.Write(Encoding.UTF8.GetBytes(header));
        stream.Write(data);
    }
}
