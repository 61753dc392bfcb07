using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Flow in Middlebury's <c>.flo</c> files: the bytes <c>PIEH</c>, width and height as int32, then u and v of each pixel as float32, row by
/// row, all little endian.
/// </summary>
public static class FloFile
{
    private const int HeaderLength = 12;

    // The bytes PIEH are this float32 too.
    private const uint Magic = 0x48454950;

    /// <summary>Reads a flow.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The flow in pixels.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file, or damaged; the message gives the position.</exception>
    public static PerceiverFlowField Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        return Read(file, path, file.Length);
    }

    /// <summary>Writes a flow; the file is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flow">The flow.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, PerceiverFlowField flow)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(flow);
        AtomicFile.Write(path, stream => Write(stream, flow));
    }

    private static PerceiverFlowField Read(Stream stream, string path, long length)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
            throw new FormatException($"'{path}' ends within its header, at byte {length}; a .flo file has {HeaderLength} bytes of it.");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
            throw new FormatException($"'{path}' is no .flo file: it does not begin with 'PIEH'.");
        int width = BinaryPrimitives.ReadInt32LittleEndian(header[4..]), height = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (width <= 0 || height <= 0)
            throw new FormatException($"'{path}' gives a size of {width} x {height} pixels at byte 4; both must be positive.");
        // The size is checked against the file before memory is allocated.
        Int128 expected = (Int128)width * height * PerceiverFlowField.Components * sizeof(float) + HeaderLength;
        if (expected != length)
            throw new FormatException($"'{path}' has {length} bytes; a flow of {width} x {height} pixels has {expected}.");
        if ((long)width * height > PerceiverFlowField.MaxFilePixels)
        {
            throw new FormatException(
                $"'{path}' gives a size of {width} x {height} pixels; the limit is {PerceiverFlowField.MaxFilePixels} pixels.");
        }

        var flow = new PerceiverFlowField(height, width);
        Read(stream, flow.Values, path);
        return flow;
    }

    private static void Read(Stream stream, float[] values, string path)
    {
        // A span of bytes cannot exceed 2 GiB, so that larger flows are read in parts.
        for (int at = 0; at < values.Length;)
        {
            var part = values.AsSpan(at, Math.Min(values.Length - at, 1 << 20));
            try
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(part));
            }
            catch (EndOfStreamException)
            {
                throw new FormatException($"'{path}' ends at number {at} of {values.Length}.");
            }

            at += part.Length;
            if (!BitConverter.IsLittleEndian)
                ReverseBytes(part);
        }
    }

    private static void Write(Stream stream, PerceiverFlowField flow)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], flow.Width);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], flow.Height);
        stream.Write(header);
        for (int at = 0; at < flow.Values.Length;)
        {
            var part = flow.Values.AsSpan(at, Math.Min(flow.Values.Length - at, 1 << 20));
            at += part.Length;
            if (!BitConverter.IsLittleEndian)
                ReverseBytes(part = part.ToArray());
            stream.Write(MemoryMarshal.AsBytes(part));
        }
    }

    private static void ReverseBytes(Span<float> values)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values);
        BinaryPrimitives.ReverseEndianness(bits, bits);
    }
}
