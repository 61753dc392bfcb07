using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver;

/// <summary>One section header.</summary>
internal readonly record struct ElfSection(uint Type, ulong Address, ulong Offset, ulong Size, uint Link);

/// <summary>A symbol version that a library needs from another one (an <c>Elf64_Vernaux</c>).</summary>
/// <param name="Library">The other library, e.g. <c>libstdc++.so.6</c>.</param>
/// <param name="Version">The version, e.g. <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">The number by which <c>.gnu.version</c> refers to it.</param>
/// <param name="Flags">Flag 2 (<c>VER_FLG_WEAK</c>): the loader ignores it where the version is missing.</param>
/// <param name="Offset">The offset of the entry in the file.</param>
internal sealed record ElfVersionNeed(string Library, string Version, ushort Index, ushort Flags, ulong Offset);

/// <summary>
/// The dynamic-linking tables of a 64-bit little-endian ELF shared object: needed libraries, needed symbol versions,
/// symbols and relocations. Files may be truncated or hostile: offsets are checked, chains may only go forward, and no allocation is sized
/// by a count that only the file states.
/// </summary>
internal sealed class ElfFile
{
    private const uint SectionStrings = 3, SectionRela = 4, SectionDynamicSymbols = 11;
    private const uint SectionVersions = 0x6fffffff, SectionVersionNeeds = 0x6ffffffe;
    private const ulong TagNeeded = 1, TagStrings = 5, TagSymbols = 6, TagRela = 7, TagPltRela = 23;
    private const ulong TagVersions = 0x6ffffff0, TagVersionNeeds = 0x6ffffffe;
    private const int MaximumNameLength = 4096, MaximumSymbolLength = 1 << 16, MaximumNeeded = 4096;

    // A version's number has 15 bits, so no file has more.
    private const int MaximumVersions = 0x7fff;

    private readonly ElfBytes _bytes;
    private readonly ElfSection _symbols, _strings;
    private readonly ElfSection? _versions;
    private readonly List<ElfSection> _relocations = [];

    private ElfFile(ReadOnlyMemory<byte> bytes, ushort machine)
    {
        Content = bytes;
        _bytes = new ElfBytes(bytes);
        Header = ElfHeader.Parse(_bytes, machine);

        var sections = ReadSections();
        _symbols = Find(sections, SectionDynamicSymbols) ?? throw ElfBytes.Error(Header.SectionTable, "there is no dynamic symbol table");
        _strings = _symbols.Link < sections.Length && sections[_symbols.Link].Type == SectionStrings
            ? sections[_symbols.Link]
            : throw ElfBytes.Error(
                Header.SectionTable, $"the dynamic symbols name section {_symbols.Link} as their strings, but it holds none");
        _versions = Find(sections, SectionVersions);
        var needs = Find(sections, SectionVersionNeeds);
        _relocations.AddRange(sections.Where(s => s.Type == SectionRela && s.Address != 0));

        NeededLibraries = ReadDynamic(needs);
        VersionNeeds = needs is null ? [] : ReadVersionNeeds(needs.Value);
        if (_versions is { } versions && versions.Size / 2 < SymbolCount)
            throw ElfBytes.Error(versions.Offset, $"{versions.Size / 2} symbol versions for {SymbolCount} symbols");
    }

    internal ElfHeader Header { get; }

    /// <summary>The whole file.</summary>
    internal ReadOnlyMemory<byte> Content { get; }

    internal IReadOnlyList<string> NeededLibraries { get; }

    internal IReadOnlyList<ElfVersionNeed> VersionNeeds { get; }

    internal ulong SymbolCount => _symbols.Size / 24;

    /// <summary>Reads the tables.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="machine">The ELF machine number that is required; by default that of this process.</param>
    /// <exception cref="FormatException">The file is no such shared object, or damaged; the message has the offset.</exception>
    internal static ElfFile Parse(ReadOnlyMemory<byte> bytes, ushort? machine = null) => new(bytes, machine ?? ElfHeader.CurrentMachine);

    /// <summary>The name of a dynamic symbol.</summary>
    internal ReadOnlySpan<byte> SymbolName(ulong symbol) =>
        _bytes.TextBytes(_strings, _bytes.UInt32(SymbolOffset(symbol), "a symbol's name"), MaximumSymbolLength, "a symbol's name");

    /// <summary>Whether another library must supply the symbol.</summary>
    internal bool IsUndefined(ulong symbol) => _bytes.UInt16(SymbolOffset(symbol) + 6, "a symbol's section") == 0;

    /// <summary>Whether the symbol may stay without a definition.</summary>
    internal bool IsWeak(ulong symbol) => _bytes.Slice(SymbolOffset(symbol) + 4, 1, "a symbol's binding")[0] >> 4 == 2;

    /// <summary>The number of the symbol's version; 0 and 1 mean none.</summary>
    internal ushort VersionIndex(ulong symbol) => _versions is { } versions
        ? (ushort)(_bytes.UInt16(versions.Offset + (symbol * 2), "a symbol's version") & 0x7fff)
        : (ushort)1;

    /// <summary>Whether any relocation refers to the symbol, that is, whether code or data of the file uses it.</summary>
    internal bool IsRelocated(ulong symbol)
    {
        foreach (var section in _relocations)
        {
            var table = _bytes.Slice(section.Offset, section.Size, "relocations");
            for (int at = 0; at + 24 <= table.Length; at += 24)
            {
                if (BinaryPrimitives.ReadUInt32LittleEndian(table[(at + 12)..]) == symbol)
                    return true;
            }
        }

        return false;
    }

    private static ElfSection? Find(ElfSection[] sections, uint type)
    {
        foreach (var section in sections)
        {
            if (section.Type == type)
                return section;
        }

        return null;
    }

    private ulong SymbolOffset(ulong symbol)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(symbol, SymbolCount);
        return _symbols.Offset + (symbol * 24);
    }

    private ElfSection[] ReadSections()
    {
        var sections = new ElfSection[Header.SectionCount];
        for (int i = 0; i < sections.Length; i++)
        {
            ulong at = Header.SectionTable + ((ulong)i * 64);
            var section = new ElfSection(
                Type: _bytes.UInt32(at + 4, "a section"),
                Address: _bytes.UInt64(at + 16, "a section"),
                Offset: _bytes.UInt64(at + 24, "a section"),
                Size: _bytes.UInt64(at + 32, "a section"),
                Link: _bytes.UInt32(at + 40, "a section"));
            if (section.Type is SectionStrings or SectionRela or SectionDynamicSymbols or SectionVersions or SectionVersionNeeds)
                _bytes.Slice(section.Offset, section.Size, $"section {i}");
            sections[i] = section;
        }

        return sections;
    }

    // The loader uses the dynamic table and never the section headers. Both must name the same tables; otherwise the tables that are
    // checked and patched here would not be those that are loaded.
    private List<string> ReadDynamic(ElfSection? needs)
    {
        var dynamic = Header.Segments.FirstOrDefault(s => s.Type == ElfSegment.Dynamic);
        if (dynamic.FileSize == 0)
            throw ElfBytes.Error(0, "there is no dynamic table");
        var names = new List<string>();
        var (hasVersions, hasNeeds) = (false, false);
        for (ulong done = 0; done + 16 <= dynamic.FileSize; done += 16)
        {
            ulong at = dynamic.Offset + done;
            var (tag, value) = (_bytes.UInt64(at, "a dynamic entry"), _bytes.UInt64(at + 8, "a dynamic entry"));
            switch (tag)
            {
                case 0:
                    Agree(at, hasVersions == _versions.HasValue && hasNeeds == needs.HasValue);
                    return names;
                case TagNeeded when names.Count == MaximumNeeded:
                    throw ElfBytes.Error(at, $"more than {MaximumNeeded} needed libraries");
                case TagNeeded:
                    names.Add(_bytes.Text(_strings, (uint)Math.Min(value, uint.MaxValue), MaximumNameLength, "a needed library's name"));
                    break;
                case TagStrings:
                    Agree(at, IsMapped(_strings, value));
                    break;
                case TagSymbols:
                    Agree(at, IsMapped(_symbols, value));
                    break;
                case TagVersions:
                    Agree(at, hasVersions = _versions is { } versions && IsMapped(versions, value));
                    break;
                case TagVersionNeeds:
                    Agree(at, hasNeeds = needs is { } section && IsMapped(section, value));
                    break;
                case TagRela or TagPltRela:
                    Agree(at, _relocations.Exists(r => IsMapped(r, value)));
                    break;
            }
        }

        throw ElfBytes.Error(dynamic.Offset, "the dynamic table does not end");

        static void Agree(ulong at, bool agrees)
        {
            if (!agrees)
                throw ElfBytes.Error(at, "the dynamic table and the section headers disagree");
        }
    }

    private bool IsMapped(ElfSection section, ulong address)
    {
        return section.Address == address && Header.Segments.Any(IsIn);

        bool IsIn(ElfSegment segment)
        {
            ulong within = address - segment.Address;
            return segment.Type == ElfSegment.Load
                && address >= segment.Address
                && within < segment.FileSize
                && segment.Offset + within == section.Offset;
        }
    }

    private List<ElfVersionNeed> ReadVersionNeeds(ElfSection section)
    {
        var needs = new List<ElfVersionNeed>();
        ulong end = section.Offset + section.Size;
        for (ulong at = section.Offset; ;)
        {
            Inside(at);
            ushort count = _bytes.UInt16(at + 2, "a needed library");
            string library = _bytes.Text(_strings, _bytes.UInt32(at + 4, "a needed library"), MaximumNameLength, "a needed library's name");
            ulong aux = at + _bytes.UInt32(at + 8, "a needed library");
            for (int i = 0; i < count; i++)
            {
                Inside(aux);
                if (needs.Count == MaximumVersions)
                    throw ElfBytes.Error(aux, $"more than {MaximumVersions} needed versions");
                uint name = _bytes.UInt32(aux + 8, "a needed version");
                string version = _bytes.Text(_strings, name, MaximumNameLength, "a needed version's name");
                ushort index = (ushort)(_bytes.UInt16(aux + 6, "a needed version") & 0x7fff);
                ushort flags = _bytes.UInt16(aux + 4, "a needed version");
                needs.Add(new ElfVersionNeed(library, version, index, flags, aux));
                aux = i + 1 == count ? aux : aux + Forward(aux + 12);
            }

            uint next = _bytes.UInt32(at + 12, "a needed library");
            if (next == 0)
                return needs;
            at += Forward(at + 12);
        }

        void Inside(ulong offset)
        {
            if (offset < section.Offset || offset > end || end - offset < 16)
                throw ElfBytes.Error(offset, "an entry of the needed versions lies outside their section");
        }

        // Entries follow one another: a smaller step, or none, would make a chain that overlaps itself or never ends.
        ulong Forward(ulong offset)
        {
            uint step = _bytes.UInt32(offset, "the next entry");
            return step >= 16 ? step : throw ElfBytes.Error(offset, $"the next entry of the needed versions is {step} bytes on");
        }
    }
}
