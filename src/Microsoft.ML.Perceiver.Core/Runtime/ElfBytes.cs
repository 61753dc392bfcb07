using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Bounds-checked little-endian reads from the bytes of an ELF file. No offset in such a file can be trusted, so that each read is checked
/// against the real length and fails with the offset that pointed outside.
/// </summary>
internal readonly struct ElfBytes(ReadOnlyMemory<byte> memory)
{
    internal ulong Length => (ulong)memory.Length;

    /// <summary>Returns <paramref name="length"/> bytes at <paramref name="offset"/>.</summary>
    /// <exception cref="FormatException">The range is not inside the file.</exception>
    internal ReadOnlySpan<byte> Slice(ulong offset, ulong length, string what)
    {
        if (offset > Length || length > Length - offset)
            throw Error(offset, $"{what} ({length} bytes) reaches past the end of the file ({Length} bytes)");
        return memory.Span.Slice((int)offset, (int)length);
    }

    internal ushort UInt16(ulong offset, string what) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2, what));

    internal uint UInt32(ulong offset, string what) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4, what));

    internal ulong UInt64(ulong offset, string what) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8, what));

    /// <summary>
    /// The bytes of entry <paramref name="index"/> of a string table, without their final zero.
    /// </summary>
    /// <param name="table">The string table's section.</param>
    /// <param name="index">The entry's offset in the table.</param>
    /// <param name="limit">The longest string accepted: without it a long string that many entries name would cost quadratic time.</param>
    /// <param name="what">What the string names, for the error.</param>
    internal ReadOnlySpan<byte> TextBytes(ElfSection table, uint index, int limit, string what)
    {
        if (index >= table.Size)
            throw Error(table.Offset, $"{what} is at {index}, outside its string table of {table.Size} bytes");
        var rest = Slice(table.Offset + index, Math.Min(table.Size - index, (ulong)limit + 1), what);
        int end = rest.IndexOf((byte)0);
        if (end < 0)
            throw Error(table.Offset + index, $"{what} does not end within {limit} bytes");
        return rest[..end];
    }

    internal string Text(ElfSection table, uint index, int limit, string what) =>
        Encoding.UTF8.GetString(TextBytes(table, index, limit, what));

    internal static FormatException Error(ulong offset, string problem) =>
        new($"Bad ELF file at offset 0x{offset:x}: {problem}.");
}
