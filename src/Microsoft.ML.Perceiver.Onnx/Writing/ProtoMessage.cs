using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>The bytes of a protobuf message that is small enough for memory.</summary>
internal sealed class ProtoMessage
{
    private const int VarintType = 0, LengthType = 2, FloatType = 5;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal long Length => _bytes.WrittenCount;

    /// <summary>A number.</summary>
    internal ProtoMessage Number(int field, long value)
    {
        Varint(Key(field, VarintType));
        Varint((ulong)value);
        return this;
    }

    /// <summary>A 32-bit float.</summary>
    internal ProtoMessage Float(int field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Varint(Key(field, FloatType));
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>A text in UTF-8.</summary>
    internal ProtoMessage Text(int field, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        Head(field, bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>A message inside this one.</summary>
    internal ProtoMessage Message(int field, ProtoMessage value)
    {
        Head(field, value.Length);
        _bytes.Write(value._bytes.WrittenSpan);
        return this;
    }

    /// <summary>The beginning of a field whose bytes follow elsewhere.</summary>
    internal ProtoMessage Head(int field, long length)
    {
        Varint(Key(field, LengthType));
        Varint((ulong)length);
        return this;
    }

    internal void WriteTo(Stream stream) => stream.Write(_bytes.WrittenSpan);

    private static ulong Key(int field, int type) => (ulong)field << 3 | (uint)type;

    // Seven bits a byte, the lowest first; all bytes but the last have the eighth one set.
    private void Varint(ulong value)
    {
        while (value > 0x7F)
        {
            _bytes.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        _bytes.Write([(byte)value]);
    }
}
