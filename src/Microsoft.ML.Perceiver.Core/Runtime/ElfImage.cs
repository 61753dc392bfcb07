using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What a shared library says about the symbol versions it needs, read from the bytes of a 64-bit little-endian ELF file. Every offset and
/// count is checked before it is followed, so that a truncated or hostile file is a <see cref="FormatException"/> and no more.
/// </summary>
internal sealed class ElfImage
{
    private const uint SectionDynamicSymbols = 11;
    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const uint SectionSymbolVersions = 0x6fffffff;
    private const int SymbolSize = 24;

    // Real libraries need a few dozen; a cycle in a hostile file would have no end.
    private const int MostVersions = 4096;

    private readonly byte[] _bytes;

    private ElfImage(byte[] bytes) => _bytes = bytes;

    /// <summary>A symbol version that the library needs of another.</summary>
    /// <param name="Library">The other library's file name.</param>
    /// <param name="Name">The version, e.g. GLIBCXX_3.4.32.</param>
    /// <param name="FlagsOffset">Where its flags lie in the file.</param>
    /// <param name="Symbols">The symbols that are needed in this version.</param>
    internal sealed record NeededVersion(string Library, string Name, int FlagsOffset, IReadOnlyList<string> Symbols);

    private sealed record Section(uint Type, long Offset, long Size, int Link);

    /// <summary>The symbol versions that the library needs.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <exception cref="FormatException">It is not such a file, or damaged; the message gives the offset.</exception>
    internal static IReadOnlyList<NeededVersion> ReadNeededVersions(byte[] bytes)
    {
        var image = new ElfImage(bytes);
        image.CheckHeader();
        var sections = image.ReadSections();
        var needs = sections.FirstOrDefault(s => s.Type == SectionVersionNeeds);
        return needs is null ? [] : image.ReadNeeds(sections, needs, image.SymbolsByVersion(sections));
    }

    private void CheckHeader()
    {
        if (_bytes.Length < 64 || !_bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw new FormatException("At offset 0: this is no ELF file.");
        if (_bytes[4] != 2 || _bytes[5] != 1)
            throw new FormatException("At offset 4: the ELF file is not a 64-bit little-endian one.");
        ushort machine = UInt16(18);
        if (machine != 62)
            throw new FormatException($"At offset 18: the ELF file is for machine {machine}, not for x86-64 (62).");
    }

    private List<Section> ReadSections()
    {
        long table = Int64(0x28);
        int size = UInt16(0x3A), count = UInt16(0x3C);
        if (size < 64)
            throw new FormatException($"At offset 58: section headers of {size} bytes are too small.");
        var sections = new List<Section>(count);
        for (int i = 0; i < count; i++)
        {
            int at = At(table, (long)i * size, 64);
            var section = new Section(UInt32(at + 4), Int64(at + 24), Int64(at + 32), (int)Math.Min(UInt32(at + 40), int.MaxValue));
            // Only the sections that are read need to lie inside the file (.bss does not).
            if (section.Type is SectionDynamicSymbols or SectionVersionNeeds or SectionSymbolVersions)
                At(section.Offset, 0, section.Size);
            sections.Add(section);
        }

        return sections;
    }

    private Dictionary<int, List<string>> SymbolsByVersion(List<Section> sections)
    {
        var result = new Dictionary<int, List<string>>();
        var versions = sections.FirstOrDefault(s => s.Type == SectionSymbolVersions);
        var symbols = sections.FirstOrDefault(s => s.Type == SectionDynamicSymbols);
        if (versions is null || symbols is null)
            throw new FormatException("The ELF file needs symbol versions but has no table of its symbols' versions.");
        var names = StringTable(sections, symbols);
        long count = Math.Min(versions.Size / 2, symbols.Size / SymbolSize);
        for (long i = 0; i < count; i++)
        {
            int version = UInt16(At(versions.Offset, i * 2, 2)) & 0x7fff;
            if (version < 2)
                continue;
            if (!result.TryGetValue(version, out var list))
                result[version] = list = [];
            list.Add(Text(names, UInt32(At(symbols.Offset, i * SymbolSize, SymbolSize))));
        }

        return result;
    }

    private List<NeededVersion> ReadNeeds(List<Section> sections, Section needs, Dictionary<int, List<string>> symbols)
    {
        var names = StringTable(sections, needs);
        var result = new List<NeededVersion>();
        long library = 0;
        for (int visited = 0; ;)
        {
            int at = At(needs.Offset, library, 16);
            int versions = UInt16(at + 2);
            string file = Text(names, UInt32(at + 4));
            long version = library + UInt32(at + 8);
            for (int i = 0; i < versions; i++)
            {
                if (++visited > MostVersions)
                    throw new FormatException($"At offset {at}: the list of needed versions has no end.");
                int entry = At(needs.Offset, version, 16);
                int index = UInt16(entry + 6) & 0x7fff;
                result.Add(new NeededVersion(file, Text(names, UInt32(entry + 8)), entry + 4, symbols.GetValueOrDefault(index) ?? []));
                uint nextVersion = UInt32(entry + 12);
                if (nextVersion == 0)
                    break;
                version += nextVersion;
            }

            uint nextLibrary = UInt32(at + 12);
            if (nextLibrary == 0)
                return result;
            if (++visited > MostVersions)
                throw new FormatException($"At offset {at}: the list of needed libraries has no end.");
            library += nextLibrary;
        }
    }

    private Section StringTable(List<Section> sections, Section owner)
    {
        if (owner.Link >= sections.Count)
            throw new FormatException($"The section at offset {owner.Offset} has its names in section {owner.Link} of {sections.Count}.");
        var table = sections[owner.Link];
        At(table.Offset, 0, table.Size);
        return table;
    }

    private string Text(Section table, uint offset)
    {
        if (offset >= table.Size)
            throw new FormatException($"At offset {table.Offset}: a name at {offset} lies outside a table of {table.Size} bytes.");
        var rest = _bytes.AsSpan((int)table.Offset, (int)table.Size)[(int)offset..];
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(rest[..(end < 0 ? rest.Length : end)]);
    }

    /// <summary>An absolute offset, after it was checked that so many bytes lie there.</summary>
    private int At(long start, long offset, long length)
    {
        if (start < 0 || offset < 0 || length < 0 || start > _bytes.Length || offset > _bytes.Length - start || length > _bytes.Length - start - offset)
            throw new FormatException($"At offset {start}: {length} bytes from {offset} on lie outside a file of {_bytes.Length} bytes.");
        return (int)(start + offset);
    }

    private ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(offset));

    private uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset));

    private long Int64(int offset) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(offset));
}
