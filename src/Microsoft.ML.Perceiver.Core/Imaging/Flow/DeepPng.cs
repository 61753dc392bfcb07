using System.Buffers.Binary;
using System.IO.Compression;

namespace Microsoft.ML.Perceiver;

/// <summary>PNG files of three channels of 16 bits (ISO/IEC 15948), which image libraries reduce to 8 bits.</summary>
internal static class DeepPng
{
    private const int PixelBytes = 6, ChunkFrame = 12;
    private const string Header = "IHDR", Data = "IDAT", End = "IEND";
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads an image, with the samples of a pixel next to each other.</summary>
    /// <exception cref="FormatException">It is another kind of file, or damaged.</exception>
    internal static (int Height, int Width, ushort[] Samples) Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith(Signature))
            throw new FormatException($"'{path}' is no PNG file.");
        using var packed = new MemoryStream();
        (int Height, int Width)? size = null;
        for (int at = Signature.Length; ;)
        {
            var (type, data) = Chunk(file, at, path);
            if (size is null && type != Header)
                throw new FormatException($"'{path}' begins with the chunk '{type}', not {Header}.");
            if (size is null)
                size = ReadHeader(data, path);
            else if (type == Data)
                packed.Write(data);
            else if (type == End)
                break;
            at += ChunkFrame + data.Length;
        }

        packed.Position = 0;
        return (size.Value.Height, size.Value.Width, Unpack(packed, size.Value.Height, size.Value.Width, path));
    }

    internal static void Write(string path, int height, int width, ushort[] samples) => AtomicFile.Write(path, stream =>
    {
        stream.Write(Signature);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (16, 2);
        WriteChunk(stream, Header, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            // Each row is written as the difference to the one above, which compresses flow well.
            byte[] row = new byte[width * PixelBytes], above = new byte[row.Length], filtered = new byte[row.Length + 1];
            filtered[0] = 2;
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width * 3; x++)
                    BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(2 * x), samples[y * width * 3 + x]);
                for (int i = 0; i < row.Length; i++)
                    filtered[i + 1] = (byte)(row[i] - above[i]);
                zlib.Write(filtered);
                (row, above) = (above, row);
            }
        }

        WriteChunk(stream, Data, packed.ToArray());
        WriteChunk(stream, End, []);
    });

    private static (string Type, byte[] Data) Chunk(byte[] file, int at, string path)
    {
        if (file.Length - at < ChunkFrame)
            throw new FormatException($"'{path}' ends at byte {file.Length}, before its last chunk.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
        if (length > file.Length - at - ChunkFrame)
            throw new FormatException($"The chunk at byte {at} of '{path}' is {length} bytes long; the file ends before.");
        var named = file.AsSpan(at + 4, (int)length + 4);
        uint stated = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + (int)length));
        if (Crc32.Of(named) != stated)
            throw new FormatException($"The chunk at byte {at} of '{path}' is damaged: its checksum is another.");
        return (System.Text.Encoding.ASCII.GetString(named[..4]), named[4..].ToArray());
    }

    private static (int Height, int Width) ReadHeader(byte[] data, string path)
    {
        if (data.Length != 13)
            throw new FormatException($"The header of '{path}' has {data.Length} bytes, not 13.");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(4));
        if (width == 0 || height == 0 || (UInt128)width * height > PerceiverFlowField.MaxFilePixels)
        {
            throw new FormatException(
                $"'{path}' gives a size of {width} x {height} pixels; the limit is {PerceiverFlowField.MaxFilePixels} pixels.");
        }

        if (data is not [.., 16, 2, 0, 0, 0])
        {
            string interlaced = data[12] == 0 ? "" : ", interlaced";
            throw new FormatException(
                $"'{path}' has {data[8]} bits a channel and the colour type {data[9]}{interlaced}; "
                + "flow has 16 bits of red, green and blue.");
        }

        return ((int)height, (int)width);
    }

    private static ushort[] Unpack(Stream packed, int height, int width, string path)
    {
        int rowBytes = width * PixelBytes;
        // Deflate expands a byte to at most about a thousand; a file that claims more pixels is damaged.
        if (height * (rowBytes + 1L) > packed.Length * 1100 + 1024)
            throw new FormatException($"'{path}' claims {width} x {height} pixels, more than its {packed.Length} bytes can hold.");
        ushort[] samples = new ushort[height * width * 3];
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        byte[] row = new byte[rowBytes], above = new byte[rowBytes];
        for (int y = 0; y < height; y++)
        {
            int filter;
            try
            {
                filter = zlib.ReadByte();
                zlib.ReadExactly(row);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new FormatException($"The pixels of '{path}' are damaged in row {y}: {e.Message}", e);
            }

            if (filter is < 0 or > 4)
                throw new FormatException($"Row {y} of '{path}' has the filter {filter}; there are 0 to 4.");
            Unfilter(filter, row, above);
            for (int x = 0; x < width * 3; x++)
                samples[y * width * 3 + x] = BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * x));
            (row, above) = (above, row);
        }

        return samples;
    }

    private static void Unfilter(int filter, byte[] row, byte[] above)
    {
        for (int i = 0; i < row.Length && filter != 0; i++)
        {
            int left = i < PixelBytes ? 0 : row[i - PixelBytes], corner = i < PixelBytes ? 0 : above[i - PixelBytes];
            row[i] += (byte)(filter switch
            {
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                _ => Nearest(left, above[i], corner),
            });
        }
    }

    private static int Nearest(int left, int up, int corner)
    {
        int guess = left + up - corner;
        int toLeft = Math.Abs(guess - left), toUp = Math.Abs(guess - up), toCorner = Math.Abs(guess - corner);
        if (toLeft <= toUp && toLeft <= toCorner)
            return left;
        return toUp <= toCorner ? up : corner;
    }

    /// <summary>Writes a chunk: its length, its type, the data and the checksum of both.</summary>
    internal static void WriteChunk(Stream stream, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(named));
        stream.Write(number);
    }
}
