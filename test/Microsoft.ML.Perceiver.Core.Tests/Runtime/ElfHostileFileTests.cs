using System.Buffers.Binary;
using System.Diagnostics;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>Files that were damaged, or made to do damage: an error that says where, in bounded time, or a right answer.</summary>
[TestClass]
public class ElfHostileFileTests
{
    [TestMethod]
    public void Random_byte_flips_end_in_FormatException_or_success()
    {
        var bytes = TestLibrary.Read();
        var random = new Random(1);
        var regions = Regions(bytes);
        var refused = 0;
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < 4000; round++)
        {
            var (offset, size) = regions[round % regions.Length];
            var changes = new (int At, byte Old)[random.Next(1, 5)];
            for (var i = 0; i < changes.Length; i++)
            {
                var at = offset + random.Next(size);
                changes[i] = (at, bytes[at]);
                bytes[at] = (byte)random.Next(256);
            }
            refused += Survives(bytes) ? 0 : 1;
            foreach (var (at, old) in changes.Reverse())
                bytes[at] = old;
        }
        Assert.IsGreaterThan(400, refused);
        Assert.IsLessThan(300, watch.Elapsed.TotalSeconds);
        Assert.IsTrue(Survives(bytes));
    }

    [TestMethod]
    public void Every_truncation_is_refused()
    {
        var bytes = TestLibrary.Read();
        var lengths = Enumerable.Range(0, 700)
            .Concat(Enumerable.Range(1, 300).Select(i => (int)((long)bytes.Length * i / 301)))
            .Append(bytes.Length - 1);
        foreach (var length in lengths)
            Assert.ThrowsExactly<FormatException>(() => ElfFile.Parse(bytes.AsMemory(0, length), ElfHeader.MachineX64), $"{length} bytes");
    }

    [TestMethod]
    public void A_truncated_file_is_refused_from_its_headers_alone()
    {
        var bytes = TestLibrary.Read();
        using var folder = new TemporaryFolder();
        foreach (var length in new[] { 0, 1, 63, 64, 100, 5000, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(folder["lib.so"], bytes[..length]);
            Assert.ThrowsExactly<FormatException>(() => ElfHeader.ReadFile(folder["lib.so"], ElfHeader.MachineX64), $"{length} bytes");
        }
    }

    [TestMethod]
    [DataRow(0u)]
    [DataRow(1u)]
    [DataRow(15u)]
    [DataRow(0xfffffff0u)]
    [DataRow(uint.MaxValue)]
    public void A_chain_of_versions_that_turns_back_or_leaves_is_refused(uint step)
    {
        var bytes = TestLibrary.Read();
        var need = TestLibrary.Need(TestLibrary.Parse(bytes));
        Write32(bytes, (int)need.Offset + 12, step);
        Assert.ThrowsExactly<FormatException>(() => TestLibrary.Parse(bytes));
    }

    [TestMethod]
    [DataRow(1u)]
    [DataRow(15u)]
    [DataRow(0xffffffffu)]
    public void A_chain_of_libraries_that_turns_back_or_leaves_is_refused(uint step)
    {
        var bytes = TestLibrary.Read();
        Write32(bytes, TestLibrary.Section(bytes, TestLibrary.VersionNeeds).Offset + 12, step);
        Assert.ThrowsExactly<FormatException>(() => TestLibrary.Parse(bytes));
    }

    [TestMethod]
    public void Libraries_that_share_one_long_chain_are_refused_in_bounded_time()
    {
        // A section of nothing but library entries 16 bytes apart, each of which claims 65535 versions that begin at
        // the next entry: read without a limit, that is quadratic.
        var bytes = TestLibrary.Read();
        var header = TestLibrary.SectionHeader(bytes, TestLibrary.VersionNeeds);
        var offset = TestLibrary.Section(bytes, TestLibrary.VersionNeeds).Offset;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(header + 32), 1 << 20);
        for (var at = offset; at + 16 <= offset + (1 << 20); at += 16)
        {
            Write32(bytes, at, 0xffff0001);
            Write32(bytes, at + 4, 0);
            Write32(bytes, at + 8, 16);
            Write32(bytes, at + 12, 16);
        }
        var watch = Stopwatch.StartNew();
        Assert.ThrowsExactly<FormatException>(() => TestLibrary.Parse(bytes));
        Assert.IsLessThan(60, watch.Elapsed.TotalSeconds);
    }

    [TestMethod]
    [DataRow(32, DisplayName = "program headers")]
    [DataRow(40, DisplayName = "section headers")]
    public void Tables_beyond_the_file_are_refused(int field)
    {
        foreach (var offset in new[] { ulong.MaxValue, ulong.MaxValue - 63, (ulong)long.MaxValue, 1UL << 32, 3_000_000UL })
        {
            var bytes = TestLibrary.Read();
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(field), offset);
            Assert.ThrowsExactly<FormatException>(() => TestLibrary.Parse(bytes));
        }
    }

    [TestMethod]
    [DataRow(TestLibrary.StringTable)]
    [DataRow(TestLibrary.Relocations)]
    [DataRow(TestLibrary.DynamicSymbols)]
    [DataRow(TestLibrary.Versions)]
    [DataRow(TestLibrary.VersionNeeds)]
    public void Sections_beyond_the_file_are_refused(uint type)
    {
        foreach (var field in new[] { 24, 32 })
            foreach (var value in new[] { ulong.MaxValue, (ulong)long.MaxValue, 1UL << 32, 3_000_000UL })
            {
                var bytes = TestLibrary.Read();
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(TestLibrary.SectionHeader(bytes, type) + field), value);
                Assert.ThrowsExactly<FormatException>(() => TestLibrary.Parse(bytes));
            }
    }

    [TestMethod]
    public void Sections_that_differ_from_what_the_loader_reads_are_refused()
    {
        // Section headers that point to another copy of the table would have the wrong bytes checked and patched.
        var bytes = TestLibrary.Read();
        var header = TestLibrary.SectionHeader(bytes, TestLibrary.VersionNeeds);
        var offset = TestLibrary.Section(bytes, TestLibrary.VersionNeeds).Offset;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(header + 24), (ulong)offset + 16);
        var error = Assert.ThrowsExactly<FormatException>(() => TestLibrary.Parse(bytes));
        Assert.Contains("disagree", error.Message);
    }

    // The whole file, and the parts where every byte decides something.
    private static (int Offset, int Size)[] Regions(byte[] bytes)
    {
        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        var dynamic = TestLibrary.Parse(bytes).Header.Segments.First(s => s.Type == ElfSegment.Dynamic);
        return
        [
            (0, 64 + (10 * 56)), (table, bytes.Length - table), ((int)dynamic.Offset, (int)dynamic.FileSize), (0, bytes.Length),
            TestLibrary.Section(bytes, TestLibrary.VersionNeeds), TestLibrary.Section(bytes, TestLibrary.Versions),
            TestLibrary.Section(bytes, TestLibrary.DynamicSymbols), TestLibrary.Section(bytes, TestLibrary.StringTable),
        ];
    }

    private static bool Survives(byte[] bytes)
    {
        try
        {
            ElfWeakening.Weaken(TestLibrary.Parse(bytes), WeakenedLibrary.Library, WeakenedLibrary.Version, WeakenedLibrary.Symbol);
            return true;
        }
        catch (FormatException e)
        {
            Assert.Contains("offset 0x", e.Message);
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Write32(byte[] bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
}
