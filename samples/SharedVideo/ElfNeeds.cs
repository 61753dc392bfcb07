using System.Buffers.Binary;
using System.Text;

namespace Samples;

/// <summary>The list in a 64-bit ELF file of the libraries that must be loaded with it.</summary>
internal static class ElfNeeds
{
    private const uint LoadSegment = 1, DynamicSegment = 2;
    private const ulong End = 0, Needed = 1, Strings = 5;

    // A tag that no system knows, so that the entry is passed over.
    private const ulong Unknown = 0x6FFFFEF0;

    /// <summary>Takes libraries off the list.</summary>
    /// <param name="file">The file's bytes, which are changed.</param>
    /// <param name="isMissing">Says of a library's name whether it is to be taken off.</param>
    /// <returns>What was taken off.</returns>
    /// <exception cref="FormatException">It is no such file.</exception>
    public static IReadOnlyList<string> Drop(Span<byte> file, Func<string, bool> isMissing)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new FormatException("This is no 64-bit ELF file of little endian.");
        List<(uint Type, ulong Offset, ulong Address, ulong Size)> segments = Segments(file);
        var dynamic = segments.First(s => s.Type == DynamicSegment);
        var entries = new List<(int At, ulong Tag, ulong Value)>();
        for (int at = (int)dynamic.Offset; Read(file, at) != End; at += 16)
            entries.Add((at, Read(file, at), Read(file, at + 8)));
        ulong strings = entries.First(e => e.Tag == Strings).Value;
        var holder = segments.First(s => s.Type == LoadSegment && s.Address <= strings && strings < s.Address + s.Size);
        int names = (int)(strings - holder.Address + holder.Offset);
        var dropped = new List<string>();
        foreach (var (at, tag, value) in entries)
        {
            if (tag != Needed)
                continue;
            var rest = file[(names + (int)value)..];
            string name = Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
            if (!isMissing(name))
                continue;
            BinaryPrimitives.WriteUInt64LittleEndian(file[at..], Unknown);
            dropped.Add(name);
        }

        return dropped;
    }

    private static List<(uint Type, ulong Offset, ulong Address, ulong Size)> Segments(ReadOnlySpan<byte> file)
    {
        int table = (int)Read(file, 32);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(file[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);
        var segments = new List<(uint, ulong, ulong, ulong)>();
        for (int i = 0; i < count; i++)
        {
            int at = table + i * length;
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);
            segments.Add((type, Read(file, at + 8), Read(file, at + 16), Read(file, at + 32)));
        }

        return segments;
    }

    private static ulong Read(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt64LittleEndian(file[at..]);
}
