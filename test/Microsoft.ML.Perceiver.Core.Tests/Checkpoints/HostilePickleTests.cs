using System.Diagnostics;
using System.Text;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints;

/// <summary>Files that no torch.save wrote: each is refused at a place, soon, and with little memory.</summary>
[TestClass]
public sealed class HostilePickleTests
{
    private static readonly long[] One = [1], Four = [4];

    [TestMethod]
    [DataRow("posix", "system")]
    [DataRow("builtins", "eval")]
    [DataRow("__builtin__", "getattr")]
    [DataRow("torch", "load")]
    [DataRow("torch._utils", "_rebuild_tensor")]
    [DataRow("torch", "ComplexFloatStorage")]
    [DataRow("collections", "defaultdict")]
    public void A_global_that_no_tensor_needs_is_refused_by_name(string module, string name)
    {
        Refused(Dictionary("a").Global(module, name).Text("touch /tmp/x").Raw(0x85).Op("Rs").Zip(), $"{module}.{name}", "at byte 49");
        Refused(Dictionary("a").Text(module).Text(name).Raw(0x93).Op("s").Zip(), $"{module}.{name}");
        Refused(Dictionary("a").Global(module, name).Op("s").Legacy([], []), $"{module}.{name}");
    }

    [TestMethod]
    [DataRow("i", "0x69")] // INST, which calls
    [DataRow("o", "0x6F")] // OBJ
    [DataRow("\u0081", "0x3F")] // NEWOBJ
    [DataRow("P", "0x50")] // PERSID
    public void Operations_that_make_objects_are_refused(string code, string word) => Refused(Dictionary("a").Op(code).Zip(), word);

    [TestMethod]
    public void Allowed_names_take_their_own_arguments_alone()
    {
        Refused(Dictionary("a").Global("collections", "OrderedDict").Text("x").Raw(0x85).Op("Rs").Zip(), "collections.OrderedDict");
        Refused(Dictionary("a").Global("torch", "FloatStorage").Number(1L << 40).Raw(0x85).Op("Rs").Zip(), "torch.FloatStorage");
        Refused(Dictionary("a").Global("torch._utils", "_rebuild_parameter").Text("x").Raw(0x85).Op("Rs").Zip(), "_rebuild_parameter");
        Refused(Dictionary("a").Text("x").Op(")Rs").Zip(), "no name");
        Refused(Dictionary("a").Text("storage").Op("Qs").Zip(), "persistent");
        Refused(Dictionary("a").Op("]}bs").Zip(), "no dictionary");
    }

    [TestMethod]
    [DataRow(-1L, 4L, 1L, 4L)]
    [DataRow(1L, 4L, 1L, 4L)]
    [DataRow(0L, 4L, -1L, 4L)]
    [DataRow(0L, -4L, 1L, 4L)]
    [DataRow(0L, 4L, 2L, 4L)]
    [DataRow(0L, 5L, 1L, 4L)]
    [DataRow(0L, 4L, long.MaxValue, 4L)]
    [DataRow(long.MaxValue, 4L, 1L, 4L)]
    [DataRow(0L, long.MaxValue, long.MaxValue, 4L)]
    [DataRow(0L, long.MaxValue, 0L, 4L)]
    [DataRow(0L, 1L << 40, 0L, 4L)]
    [DataRow(0L, 4L, 1L, -4L)]
    [DataRow(0L, 4L, 1L, long.MaxValue)]
    [DataRow(0L, 4L, 1L, 5L)]
    public void A_tensor_outside_its_storage_is_refused(long offset, long extent, long stride, long count)
    {
        Refused(Dictionary("a").Tensor("0", count, offset, [extent], [stride]).Op("s").Zip(("0", 16)), "at byte");
        Refused(
            Dictionary("a")
                .Tensor("0", count, offset, [extent], [stride], legacy: true)
                .Op("s")
                .Legacy(["0"], [.. PickleBuilder.Long(count), .. new byte[16]]),
            "at byte");
    }

    [TestMethod]
    public void Shapes_that_overflow_or_do_not_fit_their_strides_are_refused()
    {
        Refused(
            Dictionary("a").Tensor("0", 4, 0, [1L << 32, 1L << 32], [0, 0]).Op("s").Zip(("0", 16)), "more elements than can be counted");
        Refused(Dictionary("a").Tensor("0", 4, 0, [4], [1, 1]).Op("s").Zip(("0", 16)), "2 strides");
        Refused(
            Dictionary("a").Tensor("0", 4, 0, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)]).Op("s").Zip(("0", 16)),
            "65 axes");
    }

    [TestMethod]
    public void Keys_that_stand_twice_are_refused()
    {
        Refused(Dictionary("a").Op("Ns").Text("a").Op("Ns").Zip(), "twice");
        Refused(
            Dictionary("a").Tensor("0", 4, 0, Four, One).Op("s").Text("b").Tensor("0", 3, 0, One, One).Op("s").Zip(("0", 16)),
            "before it was of 4");
        Refused(
            Dictionary("a.b")
                .Tensor("0", 4, 0, Four, One)
                .Op("s")
                .Text("a")
                .Op("}")
                .Text("b")
                .Tensor("0", 4, 0, Four, One)
                .Op("ss")
                .Zip(("0", 16)),
            "two tensors 'a.b'");
        Refused(
            Dictionary("a")
                .Tensor("0", 1, 0, One, One, legacy: true)
                .Op("s")
                .Legacy(["0", "0"], [.. PickleBuilder.Long(1), .. new byte[4], .. PickleBuilder.Long(1), .. new byte[4]]),
            "twice");
        Refused(PickleBuilder.Zip([("m/data.pkl", Dictionary("a").Op("Ns").Stop()), ("m/version", [51]), ("m/version", [51])]), "twice");
    }

    [TestMethod]
    public void Deep_nesting_and_values_without_end_are_refused()
    {
        Refused(
            new PickleBuilder().Op(string.Concat(Enumerable.Repeat("}X\u0001\0\0\0a", 40))).Op("N" + new string('s', 40)).Zip(),
            "nests too deep");
        Refused(new PickleBuilder().Op(new string('(', 1_000_000)).Zip(), "stacked");
        Refused(new PickleBuilder().Op(new string(']', 7_000_000)).Zip(), "stacked");
        Refused(new PickleBuilder().Op("N" + string.Concat(Enumerable.Repeat("]0", 3_000_000))).Zip(), "more than");
        // A list that holds itself, and one whose every level holds the next ten times.
        Refused(Dictionary("a").Op("]q\0h\0as").Zip(), "nests too deep");
        var laughs = Dictionary("a").Op("Nq\0");
        for (int level = 0; level < 20; level++)
            laughs.Op("0](h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0eq\0");
        Refused(laughs.Op("s").Zip(), "nests too deep");
    }

    [TestMethod]
    public void A_zip_file_that_would_unfold_or_lies_about_its_entries_is_refused()
    {
        byte[] pickle = Dictionary("a").Tensor("0", 4, 0, Four, One).Op("s").Stop();
        (string, byte[])[] entries = [("m/data.pkl", pickle), ("m/data/0", new byte[16])];
        using var folder = new TemporaryFolder();
        using (var file = PyTorchFile.Open(Written(folder, PickleBuilder.Zip(entries, zip64: true))))
            Assert.HasCount(1, file.Tensors);
        Refused(PickleBuilder.Zip(entries, method: 8), "compressed");
        Refused(PickleBuilder.Zip([("m/data.pkl", pickle), ("m/data/0", new byte[15])]), "has 15 bytes of 16");
        Refused(PickleBuilder.Zip([("m/data.pkl", pickle)]), "m/data/0");
        Refused(PickleBuilder.Zip([("m/data.pkl", pickle), ("n/data.pkl", pickle)]), "several");
        Refused(PickleBuilder.Zip([("m/other", pickle)]), "none");
        Refused(PickleBuilder.Zip([.. entries, ("m/byteorder", Encoding.ASCII.GetBytes("big"))]), "'big'");
        foreach (int at in Places(PickleBuilder.Zip(entries), 0x02014B50))
        {
            Refused(With(PickleBuilder.Zip(entries), at + 42, BitConverter.GetBytes(5)), "m/data");
            Refused(
                With(
                    PickleBuilder.Zip(entries),
                    at + 20,
                    [.. BitConverter.GetBytes(2_000_000_000), .. BitConverter.GetBytes(2_000_000_000)]),
                "reaches beyond");
        }

        foreach (int at in Places(PickleBuilder.Zip(entries, zip64: true), 0x06064B50))
        {
            Refused(With(PickleBuilder.Zip(entries, zip64: true), at + 40, BitConverter.GetBytes(long.MaxValue)), "claims");
            Refused(With(PickleBuilder.Zip(entries, zip64: true), at + 48, BitConverter.GetBytes(-1L)), "claims");
        }
    }

    [TestMethod]
    public void Other_files_are_refused()
    {
        Refused([], "at byte 0");
        Refused([0x80], "at byte 0");
        Refused(Encoding.ASCII.GetBytes("version 1"), "neither");
        Refused(new PickleBuilder().Text("text").Zip(), "no dictionary of tensors");
        Refused(new PickleBuilder().Text("text").Stop(), "torch.save begins with");
        Refused([0x80, 2, (byte)'X', 0xFF, 0xFF, 0xFF, 0xFF, 65], "are left");
        Refused([0x80, 2, 0x8E, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "are left");
    }

    private static PickleBuilder Dictionary(string key) => new PickleBuilder().Op("}").Text(key);

    private static void Refused(byte[] bytes, params string[] words)
    {
        using var folder = new TemporaryFolder();
        string path = Written(folder, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var error = Assert.ThrowsExactly<FormatException>(() => PyTorchFile.Open(path).Dispose());
        Assert.IsLessThan(30_000, watch.ElapsedMilliseconds, error.Message);
        Assert.IsLessThan(bytes.Length + (64L << 20), GC.GetAllocatedBytesForCurrentThread() - before, error.Message);
        Assert.IsLessThan(1000, error.Message.Length);
        foreach (string word in words.Append(path))
            StringAssert.Contains(error.Message, word);
    }

    private static byte[] With(byte[] file, int at, byte[] bytes)
    {
        bytes.CopyTo(file, at);
        return file;
    }

    private static int[] Places(byte[] file, int signature) =>
        [.. Enumerable.Range(0, file.Length - 4).Where(i => BitConverter.ToInt32(file, i) == signature)];

    private static string Written(TemporaryFolder folder, byte[] bytes)
    {
        string path = folder["t.bin"];
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
