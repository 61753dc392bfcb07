using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The first 32 bytes of a file of vectors, little-endian: the letters <c>PCVRTVEC</c>; the version, a UInt32; the element type, a UInt32,
/// 1 for float32 and 2 for float16; the numbers of a vector, a UInt32; a UInt32 that is 0; the number of vectors, an Int64 that is -1
/// until the file is complete. The vectors follow, one after the other, without anything between them.
/// </summary>
/// <param name="Precision">The element type.</param>
/// <param name="Dimension">Numbers of a vector.</param>
/// <param name="Count">Number of vectors; <see cref="Incomplete"/> while the file is written.</param>
internal readonly record struct TeacherVectorsHeader(PerceiverPrecision Precision, int Dimension, long Count)
{
    /// <summary>Bytes of the header.</summary>
    internal const int Size = 32;

    /// <summary>The count of a file that is still written.</summary>
    internal const long Incomplete = -1;

    /// <summary>The most numbers of a vector; far above what encoders give, and a vector of it fits any memory.</summary>
    internal const int MaxDimension = 1 << 20;

    private const uint Version = 1;
    private const uint Float32 = 1;
    private const uint Float16 = 2;

    private static ReadOnlySpan<byte> Magic => "PCVRTVEC"u8;

    /// <summary>Bytes of a number.</summary>
    internal int ElementSize => Precision == PerceiverPrecision.Float32 ? sizeof(float) : sizeof(ushort);

    /// <summary>Bytes of a vector.</summary>
    internal int RowSize => Dimension * ElementSize;

    /// <summary>Where a vector begins in the file.</summary>
    internal long OffsetOf(long row) => Size + row * RowSize;

    /// <summary>Reads the header.</summary>
    /// <param name="bytes">The first bytes of the file, as many as there are, at most <see cref="Size"/>.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="FormatException">It is no file of vectors, or of another version.</exception>
    internal static TeacherVectorsHeader Parse(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < Magic.Length || !bytes.StartsWith(Magic))
            throw Wrong(path, "is no file of a teacher's vectors: it does not begin with the letters PCVRTVEC");
        if (bytes.Length < Size)
            throw Wrong(path, $"is cut off: it has {bytes.Length} bytes, less than the {Size} of its header");
        uint version = ReadUInt32(bytes, 8);
        uint type = ReadUInt32(bytes, 12);
        uint dimension = ReadUInt32(bytes, 16);
        long count = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        if (version != Version)
            throw Wrong(path, $"is of version {version}; this library reads version {Version}");
        if (type is not (Float32 or Float16))
            throw Wrong(path, $"has the element type {type} at byte 12; there are {Float32} (float32) and {Float16} (float16)");
        if (dimension is 0 or > MaxDimension)
            throw Wrong(path, $"has vectors of {dimension} numbers at byte 16; there must be from 1 to {MaxDimension}");
        if (ReadUInt32(bytes, 20) is not 0 and var reserved)
            throw Wrong(path, $"has {reserved} at byte 20, where 0 must be");
        if (count is < Incomplete or > int.MaxValue)
            throw Wrong(path, $"has {count} vectors at byte 24; there must be from 0 to {int.MaxValue}");
        return new(type == Float32 ? PerceiverPrecision.Float32 : PerceiverPrecision.Float16, (int)dimension, count);
    }

    /// <summary>Reads the header of an open file.</summary>
    /// <exception cref="FormatException">It is no file of vectors, or of another version.</exception>
    internal static TeacherVectorsHeader Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, string path)
    {
        Span<byte> bytes = stackalloc byte[Size];
        int count = (int)Math.Min(Size, RandomAccess.GetLength(file));
        file.ReadExactly(0, bytes[..count], path);
        return Parse(bytes[..count], path);
    }

    /// <summary>The header as it stands in the file.</summary>
    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        WriteUInt32(bytes, 8, Version);
        WriteUInt32(bytes, 12, Precision == PerceiverPrecision.Float32 ? Float32 : Float16);
        WriteUInt32(bytes, 16, (uint)Dimension);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Count);
        return bytes;
    }

    private static FormatException Wrong(string path, string what) => new($"'{path}' {what}.");

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static void WriteUInt32(byte[] bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
}
