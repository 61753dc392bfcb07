using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

[TestClass]
public class ElfWeakeningTests
{
    [TestMethod]
    public void The_copy_differs_in_the_flag_alone()
    {
        var original = TestLibrary.Read();
        var need = TestLibrary.Need(TestLibrary.Parse(original));
        var copy = Weaken(original);
        Assert.HasCount(original.Length, copy);
        var differing = Enumerable.Range(0, original.Length).Where(i => original[i] != copy[i]).ToArray();
        CollectionAssert.AreEqual(new[] { (int)need.Offset + 4 }, differing);
        Assert.AreEqual(2, copy[differing[0]]);
        Assert.AreEqual(2, TestLibrary.Need(TestLibrary.Parse(copy)).Flags);
    }

    [TestMethod]
    public void Weakening_twice_is_weakening_once()
    {
        var once = Weaken(TestLibrary.Read());
        CollectionAssert.AreEqual(once, Weaken(once));
    }

    [TestMethod]
    public void A_second_symbol_of_the_version_forbids_it()
    {
        var bytes = TestLibrary.Read();
        var need = TestLibrary.Need(TestLibrary.Parse(bytes));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(TestLibrary.Section(bytes, TestLibrary.Versions).Offset + 20), need.Index);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Weaken(bytes));
        Assert.Contains("needs GLIBCXX_3.4.32", error.Message);
    }

    [TestMethod]
    public void A_reference_to_the_symbol_forbids_it()
    {
        var bytes = TestLibrary.Read();
        var file = TestLibrary.Parse(bytes);
        var symbol = TestLibrary.SymbolOf(file, TestLibrary.Need(file));
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes.AsSpan(TestLibrary.Section(bytes, TestLibrary.Relocations).Offset + 12), (uint)symbol);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Weaken(bytes));
        Assert.Contains("refers to _ZSt21ios_base_library_initv", error.Message);
    }

    [TestMethod]
    public void A_definition_of_the_symbol_forbids_it()
    {
        var bytes = TestLibrary.Read();
        var file = TestLibrary.Parse(bytes);
        var symbol = (int)TestLibrary.SymbolOf(file, TestLibrary.Need(file));
        BinaryPrimitives.WriteUInt16LittleEndian(
            bytes.AsSpan(TestLibrary.Section(bytes, TestLibrary.DynamicSymbols).Offset + (symbol * 24) + 6), 1);
        Assert.ThrowsExactly<InvalidOperationException>(() => Weaken(bytes));
    }

    [TestMethod]
    public void A_version_that_others_use_cannot_be_weakened()
    {
        var file = TestLibrary.Parse(TestLibrary.Read());
        Assert.ThrowsExactly<InvalidOperationException>(
            () => ElfWeakening.Weaken(file, "libstdc++.so.6", "GLIBCXX_3.4.21", WeakenedLibrary.Symbol));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => ElfWeakening.Weaken(file, "libstdc++.so.6", "GLIBCXX_9.9.9", WeakenedLibrary.Symbol));
        Assert.ThrowsExactly<InvalidOperationException>(
            () => ElfWeakening.Weaken(file, "libc.so.6", WeakenedLibrary.Version, WeakenedLibrary.Symbol));
    }

    private static byte[] Weaken(byte[] bytes) =>
        ElfWeakening.Weaken(TestLibrary.Parse(bytes), WeakenedLibrary.Library, WeakenedLibrary.Version, WeakenedLibrary.Symbol);
}
