using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>One program header: a range of the file and where the loader maps it.</summary>
internal readonly record struct ElfSegment(uint Type, ulong Offset, ulong Address, ulong FileSize)
{
    internal const uint Load = 1, Dynamic = 2;
}

/// <summary>
/// The ELF header and program headers, which decide whether this process can map a file. The loader maps a truncated file without an error,
/// and the process then ends with SIGBUS; so they are read before any library is loaded.
/// </summary>
internal sealed record ElfHeader(ushort Machine, ulong SectionTable, int SectionCount, IReadOnlyList<ElfSegment> Segments)
{
    internal const ushort MachineX64 = 62, MachineArm64 = 183;

    private const int HeaderSize = 64, SegmentSize = 56, SectionSize = 64;

    /// <summary>The ELF machine number of this process.</summary>
    internal static ushort CurrentMachine => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => MachineX64,
        Architecture.Arm64 => MachineArm64,
        // There is no libtorch for other architectures; zero is "no machine", which no library has.
        _ => 0,
    };

    /// <summary>Reads the headers of a whole file in memory.</summary>
    /// <exception cref="FormatException">Not a 64-bit little-endian shared object for <paramref name="machine"/>, or truncated.</exception>
    internal static ElfHeader Parse(ElfBytes bytes, ushort machine) =>
        Parse(
            bytes.Slice(0, Math.Min(bytes.Length, HeaderSize), "the ELF header"),
            bytes.Length,
            machine,
            (offset, length) => bytes.Slice(offset, (ulong)length, "the program headers").ToArray());

    /// <summary>Reads only the headers of a file, however large it is.</summary>
    /// <exception cref="FormatException">As for <see cref="Parse(ElfBytes, ushort)"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static ElfHeader ReadFile(string path, ushort machine)
    {
        using var file = File.OpenHandle(path);
        Span<byte> head = stackalloc byte[HeaderSize];
        int read = RandomAccess.Read(file, head, 0);
        return Parse(head[..read], (ulong)RandomAccess.GetLength(file), machine, (offset, length) =>
        {
            byte[] table = new byte[length];
            for (int done = 0; done < length;)
            {
                int count = RandomAccess.Read(file, table.AsSpan(done), (long)offset + done);
                if (count == 0)
                    throw ElfBytes.Error(offset + (ulong)done, "the program headers end early");
                done += count;
            }

            return table;
        });
    }

    private static ElfHeader Parse(ReadOnlySpan<byte> head, ulong fileLength, ushort machine, Func<ulong, int, byte[]> read)
    {
        if (head.Length < HeaderSize)
            throw ElfBytes.Error(0, $"the file has {fileLength} bytes, less than an ELF header");
        if (!head.StartsWith("\x7f"u8) || !head[1..].StartsWith("ELF"u8))
            throw ElfBytes.Error(0, "the file does not begin with the ELF signature");
        if (head[4] != 2)
            throw ElfBytes.Error(4, $"class {head[4]} is not 64-bit");
        if (head[5] != 1)
            throw ElfBytes.Error(5, $"data encoding {head[5]} is not little-endian");
        if (U16(head, 16) != 3)
            throw ElfBytes.Error(16, $"type {U16(head, 16)} is not a shared object");
        if (U16(head, 18) != machine)
            throw ElfBytes.Error(18, $"the file is for {MachineName(U16(head, 18))}, the process is {MachineName(machine)}");

        var segments = ReadSegments(head, fileLength, read);
        ulong sectionTable = U64(head, 40);
        int sectionCount = U16(head, 60);
        if (sectionCount != 0)
        {
            if (U16(head, 58) != SectionSize)
                throw ElfBytes.Error(58, $"a section header of {U16(head, 58)} bytes");
            CheckInside(sectionTable, (ulong)sectionCount * SectionSize, fileLength, 40, "the section headers");
        }

        return new ElfHeader(U16(head, 18), sectionTable, sectionCount, segments);
    }

    private static ElfSegment[] ReadSegments(ReadOnlySpan<byte> head, ulong fileLength, Func<ulong, int, byte[]> read)
    {
        ulong offset = U64(head, 32);
        int count = U16(head, 56);
        if (count == 0 || U16(head, 54) != SegmentSize)
            throw ElfBytes.Error(54, $"{count} program headers of {U16(head, 54)} bytes");
        CheckInside(offset, (ulong)count * SegmentSize, fileLength, 32, "the program headers");

        ReadOnlySpan<byte> table = read(offset, count * SegmentSize);
        var segments = new ElfSegment[count];
        for (int i = 0; i < count; i++)
        {
            var entry = table.Slice(i * SegmentSize, SegmentSize);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            var segment = new ElfSegment(type, Offset: U64(entry, 8), Address: U64(entry, 16), FileSize: U64(entry, 32));
            if (segment.Type is ElfSegment.Load or ElfSegment.Dynamic)
                CheckInside(segment.Offset, segment.FileSize, fileLength, offset + ((ulong)i * SegmentSize), "a segment");
            segments[i] = segment;
        }

        return segments;
    }

    private static void CheckInside(ulong offset, ulong length, ulong fileLength, ulong at, string what)
    {
        if (offset > fileLength || length > fileLength - offset)
            throw ElfBytes.Error(at, $"{what} ({length} bytes at 0x{offset:x}) reaches past the end of the file ({fileLength} bytes)");
    }

    private static string MachineName(ushort machine) => machine switch
    {
        MachineX64 => "x64",
        MachineArm64 => "arm64",
        _ => $"machine {machine}",
    };

    private static ushort U16(ReadOnlySpan<byte> span, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(span[offset..]);

    private static ulong U64(ReadOnlySpan<byte> span, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(span[offset..]);
}
