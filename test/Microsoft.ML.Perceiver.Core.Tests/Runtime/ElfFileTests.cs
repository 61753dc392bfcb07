using System.Text;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

[TestClass]
public class ElfFileTests
{
    [TestMethod]
    public void Reads_what_the_library_needs()
    {
        var file = TestLibrary.Parse(TestLibrary.Read());
        CollectionAssert.IsSubsetOf(
            new[] { "libtorch.so", "libc10.so", "libtorch_cpu.so", "libstdc++.so.6", "libc.so.6" }, file.NeededLibraries.ToArray());
        Assert.IsTrue(file.VersionNeeds.Any(n => n is { Library: "libstdc++.so.6", Version: "GLIBCXX_3.4.21", Flags: 0 }));
        Assert.IsTrue(file.VersionNeeds.All(n => n.Index > 1));
        Assert.HasCount(file.VersionNeeds.Count, file.VersionNeeds.Select(n => n.Index).Distinct());
    }

    [TestMethod]
    public void The_newest_version_is_one_unused_symbol()
    {
        var file = TestLibrary.Parse(TestLibrary.Read());
        var symbol = TestLibrary.SymbolOf(file, TestLibrary.Need(file));
        Assert.AreEqual("_ZSt21ios_base_library_initv", Encoding.UTF8.GetString(file.SymbolName(symbol)));
        Assert.IsTrue(file.IsUndefined(symbol));
        Assert.IsFalse(file.IsWeak(symbol));
        Assert.IsFalse(file.IsRelocated(symbol));
    }

    [TestMethod]
    public void Tells_used_symbols_from_unused_ones()
    {
        var file = TestLibrary.Parse(TestLibrary.Read());
        var used = Enumerable.Range(1, (int)file.SymbolCount - 1).Count(i => file.IsUndefined((ulong)i) && file.IsRelocated((ulong)i));
        // Everything taken from elsewhere is called; only the symbol above is not.
        Assert.IsGreaterThan(500, used);
    }

    [TestMethod]
    [DataRow(0, 0x7e, 0, DisplayName = "signature")]
    [DataRow(4, 1, 4, DisplayName = "32-bit class")]
    [DataRow(5, 2, 5, DisplayName = "big-endian")]
    [DataRow(16, 2, 16, DisplayName = "a program")]
    [DataRow(18, 183, 18, DisplayName = "arm64")]
    public void Refuses_a_file_of_another_kind(int offset, int value, int told)
    {
        var bytes = TestLibrary.Read();
        bytes[offset] = (byte)value;
        var error = Assert.ThrowsExactly<FormatException>(() => TestLibrary.Parse(bytes));
        Assert.Contains($"offset 0x{told:x}:", error.Message);
    }

    [TestMethod]
    public void Names_the_architecture_that_does_not_fit()
    {
        var error = Assert.ThrowsExactly<FormatException>(() => ElfFile.Parse(TestLibrary.Read(), ElfHeader.MachineArm64));
        Assert.Contains("the file is for x64, the process is arm64", error.Message);
    }

    [TestMethod]
    public void Headers_of_a_file_read_like_those_in_memory()
    {
        var whole = TestLibrary.Parse(TestLibrary.Read()).Header;
        var head = ElfHeader.ReadFile(TestLibrary.Path, ElfHeader.MachineX64);
        CollectionAssert.AreEqual(whole.Segments.ToArray(), head.Segments.ToArray());
        Assert.AreEqual(whole.SectionTable, head.SectionTable);
    }
}
