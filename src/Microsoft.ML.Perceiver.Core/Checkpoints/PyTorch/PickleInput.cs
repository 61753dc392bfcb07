using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>The bytes of a pickle in a file. No memory is allocated for bytes that the file does not have.</summary>
internal sealed class PickleInput
{
    /// <summary>The longest pickle that is read; one of a thousand tensors has a tenth of a megabyte.</summary>
    internal const long Longest = 8 << 20;

    private readonly Stream _stream;
    private readonly byte[] _number = new byte[8];
    private readonly long _end;

    /// <summary>Reads from the stream's position on.</summary>
    /// <param name="stream">The file, buffered.</param>
    /// <param name="end">The first byte after the pickle.</param>
    /// <param name="source">The file's name for messages.</param>
    internal PickleInput(Stream stream, long end, string source)
    {
        _stream = stream;
        _end = Math.Min(end, stream.Position + Longest);
        Source = source;
        Position = stream.Position;
    }

    internal string Source { get; }

    /// <summary>The position of the next byte in the file.</summary>
    internal long Position { get; private set; }

    internal FormatException Damaged(long place, string what) =>
        new($"'{Source}' is damaged or not a checkpoint: at byte {place} {what}.");

    internal byte Byte() => Number(1)[0];

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Number(2));

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Number(4));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Number(4));

    internal ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Number(8));

    // The only big-endian number of a pickle.
    internal double Double() => BinaryPrimitives.ReadDoubleBigEndian(Number(8));

    internal byte[] Bytes(ulong count)
    {
        Check(count);
        byte[] bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    internal string Text(ulong count)
    {
        long place = Position;
        try
        {
            return Strict.GetString(Bytes(count));
        }
        catch (DecoderFallbackException)
        {
            throw Damaged(place, "a text is not UTF-8");
        }
    }

    /// <summary>A text up to the end of its line.</summary>
    internal string Line()
    {
        long place = Position;
        var line = new StringBuilder();
        for (byte next; (next = Byte()) != '\n';)
        {
            if (line.Length == 256 || next is < 0x20 or > 0x7E)
                throw Damaged(place, "a name is too long or not ASCII");
            line.Append((char)next);
        }

        return line.ToString();
    }

    // A lone surrogate, which Python may write, is an error here as in every name of a tensor.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> Number(int count)
    {
        Check((ulong)count);
        Fill(_number.AsSpan(0, count));
        return _number;
    }

    private void Check(ulong count)
    {
        if (count > (ulong)(_end - Position))
            throw Damaged(Position, $"{count} bytes are wanted, and {_end - Position} are left of the pickle");
    }

    private void Fill(Span<byte> bytes)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Damaged(Position, "the file ends within a pickle");
        Position += bytes.Length;
    }
}
