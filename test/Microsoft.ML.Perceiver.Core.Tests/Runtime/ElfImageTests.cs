using System.Buffers.Binary;
using System.Diagnostics;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>Truncated and hostile files: an error in words or another reading, never anything else, and soon.</summary>
[TestClass]
public sealed class ElfImageTests
{
    private static byte[] Original { get; } = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

    [TestMethod]
    public void Truncated_files_are_format_errors()
    {
        for (int length = 0; length < 2000; length += 7)
            Assert.ThrowsExactly<FormatException>(() => ElfImage.ReadNeededVersions(Original[..length]));
        for (int length = 2000; length < Original.Length; length += 50_021)
            Assert.ThrowsExactly<FormatException>(() => ElfImage.ReadNeededVersions(Original[..length]));
    }

    [TestMethod]
    public void Mutated_files_end_soon_in_a_reading_or_a_format_error()
    {
        var random = new Random(3);
        long table = BinaryPrimitives.ReadInt64LittleEndian(Original.AsSpan(0x28));
        int needs = ElfImage.ReadNeededVersions(Original).Min(v => v.FlagsOffset) - 64;
        byte[] mutated = [.. Original];
        var clock = Stopwatch.StartNew();
        int failed = 0;
        const int Trials = 1500;
        for (int trial = 0; trial < Trials; trial++)
        {
            // Most bytes are code that nobody reads here: the header, the section table and the version needs are what matters.
            var (start, length) = (trial % 3) switch { 0 => (0L, 64), 1 => (table, (int)(Original.Length - table)), _ => (needs, 400) };
            int[] places = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (int)(start + random.Next(length))).ToArray();
            foreach (int place in places)
                mutated[place] = random.Next(4) == 0 ? (byte)0xFF : (byte)random.Next(256);
            try
            {
                ElfImage.ReadNeededVersions(mutated);
            }
            catch (FormatException)
            {
                failed++;
            }

            foreach (int place in places)
                mutated[place] = Original[place];
        }

        Assert.IsGreaterThan(Trials / 10, failed);
        Assert.IsLessThan(120, clock.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public void A_list_that_leads_outside_or_never_ends_is_a_format_error()
    {
        var versions = ElfImage.ReadNeededVersions(Original);
        var first = versions.GroupBy(v => v.Library).First(g => g.Count() > 1).First();
        // The way to the next entry lies at 12 of 16 bytes from the entry's start, its flags at 4.
        foreach (uint next in new uint[] { 0x7FFF_FFFF, 0xFFFF_FFF0, (uint)Original.Length })
        {
            byte[] image = [.. Original];
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(first.FlagsOffset + 8), next);
            Assert.ThrowsExactly<FormatException>(() => ElfImage.ReadNeededVersions(image));
        }
    }

    [TestMethod]
    public void Other_files_are_told_apart()
    {
        Assert.ThrowsExactly<FormatException>(() => ElfImage.ReadNeededVersions("MZ not an ELF file, but long enough for its header to be read as one......"u8.ToArray()));
        foreach (var (offset, value, word) in new[] { (4, 1, "64-bit"), (5, 2, "little-endian"), (18, 183, "machine 183") })
        {
            byte[] image = [.. Original];
            image[offset] = (byte)value;
            StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => ElfImage.ReadNeededVersions(image)).Message, word);
        }
    }

    [TestMethod]
    public void A_library_that_needs_the_version_in_earnest_is_not_weakened()
    {
        byte[] image = [.. Original];
        int name = image.AsSpan().IndexOf("_ZSt21ios_base_library_initv\0"u8);
        image[name + 5] = (byte)'x';
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => WeakenedLibrary.Weaken(image)).Message, "_ZSt21ios_base_library_initv");
    }
}
