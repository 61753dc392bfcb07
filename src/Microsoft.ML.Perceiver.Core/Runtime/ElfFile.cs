using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver;

/// <summary>A look at a library's head, to see that the file is whole: the system would end the process on one that was cut short.</summary>
internal static class ElfFile
{
    private const uint Loadable = 1;
    private const int HeaderSize = 64;
    private const int EntrySize = 56;

    /// <summary>Checks that every part that the system would map lies inside the file.</summary>
    /// <exception cref="FormatException">The file is no library for this processor, or cut short.</exception>
    internal static void CheckWhole(string path)
    {
        using var file = File.OpenRead(path);
        byte[] header = Read(file, 0, HeaderSize);
        if (!header.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) || header[4] != 2 || header[5] != 1 || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18)) != 62)
            throw new FormatException($"'{path}' is no 64-bit ELF library for x86-64.");
        long table = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(0x20));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(0x36)), count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(0x38));
        if (size != EntrySize)
            throw new FormatException($"'{path}' is damaged: at offset 54 its program headers have {size} bytes, not {EntrySize}.");
        byte[] entries = Read(file, table, size * count);
        for (int i = 0; i < count; i++)
        {
            var entry = entries.AsSpan(i * size, size);
            long offset = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]), length = BinaryPrimitives.ReadInt64LittleEndian(entry[32..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == Loadable && (offset < 0 || length < 0 || offset > file.Length - length))
                throw new FormatException($"'{path}' was cut short: it needs {length} bytes from {offset} on and has {file.Length} in all.");
        }
    }

    private static byte[] Read(FileStream file, long offset, int length)
    {
        if (offset < 0 || offset > file.Length - length)
            throw new FormatException($"'{file.Name}' was cut short: it needs {length} bytes from {offset} on and has {file.Length} in all.");
        byte[] bytes = new byte[length];
        file.Seek(offset, SeekOrigin.Begin);
        file.ReadExactly(bytes);
        return bytes;
    }
}
