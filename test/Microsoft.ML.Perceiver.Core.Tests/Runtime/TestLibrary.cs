using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver.Tests.Runtime;

/// <summary>The real libLibTorchSharp.so, and a second, independent way of finding things in it.</summary>
internal static class TestLibrary
{
    public const uint StringTable = 3, Relocations = 4, DynamicSymbols = 11, Versions = 0x6fffffff, VersionNeeds = 0x6ffffffe;

    public static string Path => System.IO.Path.Combine(HostProcess.Output, "libLibTorchSharp.so");

    public static byte[] Read()
    {
        if (!File.Exists(Path))
            Assert.Inconclusive("There is no libLibTorchSharp.so on this platform.");
        return File.ReadAllBytes(Path);
    }

    public static ElfFile Parse(byte[] bytes) => ElfFile.Parse(bytes, ElfHeader.MachineX64);

    /// <summary>The offset of the header of the first section of a type.</summary>
    public static int SectionHeader(byte[] bytes, uint type)
    {
        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        for (var i = 0; i < BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(60)); i++)
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(table + (i * 64) + 4)) == type)
                return table + (i * 64);
        throw new InvalidOperationException($"No section of type {type:x}.");
    }

    public static (int Offset, int Size) Section(byte[] bytes, uint type)
    {
        var header = bytes.AsSpan(SectionHeader(bytes, type));
        return ((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..]), (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));
    }

    public static ElfVersionNeed Need(ElfFile file) => file.VersionNeeds.Single(n => n.Version == WeakenedLibrary.Version);

    public static ulong SymbolOf(ElfFile file, ElfVersionNeed need)
    {
        for (ulong i = 0; i < file.SymbolCount; i++)
            if (file.VersionIndex(i) == need.Index)
                return i;
        throw new InvalidOperationException("No symbol has the version.");
    }
}
