using System.Buffers.Binary;
using System.IO.Compression;

namespace ImageClassification;

/// <summary>
/// Bytes in an IDX file, the format of MNIST: two zeros, the type, the number of dimensions, their sizes, and the values.
/// </summary>
/// <param name="Sizes">The size of each dimension.</param>
/// <param name="Values">The values, the last dimension's side by side.</param>
internal sealed record IdxFile(int[] Sizes, byte[] Values)
{
    private const byte UnsignedByte = 8;

    /// <summary>Reads a file of a folder, which may be packed with gzip.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name without .gz.</param>
    /// <param name="dimensions">The number of dimensions that it has to have.</param>
    /// <exception cref="FileNotFoundException">It is neither there nor there with .gz.</exception>
    /// <exception cref="FormatException">It is damaged, or something else.</exception>
    public static IdxFile Read(string folder, string name, int dimensions)
    {
        string plain = Path.Combine(folder, name), packed = plain + ".gz";
        string path = File.Exists(packed) ? packed : plain;
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is neither '{packed}' nor '{plain}'.", path);
        using var file = File.OpenRead(path);
        try
        {
            using Stream stream = path == packed ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(stream, path, dimensions);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException($"'{path}' is no gzip file, or a damaged one: {e.Message}", e);
        }
    }

    /// <summary>Reads a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="source">What it is, for messages.</param>
    /// <param name="dimensions">The number of dimensions that it has to have.</param>
    /// <exception cref="FormatException">It is damaged, or something else.</exception>
    public static IdxFile Read(Stream stream, string source, int dimensions)
    {
        byte[] header = new byte[4 + 4 * dimensions];
        int read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read < 4)
            throw new FormatException($"'{source}' ends at byte {read}, in the magic number.");
        if (header is not [0, 0, UnsignedByte, _, ..])
        {
            string magic = Convert.ToHexString(header, 0, 4);
            throw new FormatException($"'{source}' begins with {magic}; an IDX file of bytes begins with 000008.");
        }
        if (header[3] != dimensions)
            throw new FormatException($"'{source}' has {header[3]} dimensions (byte 3), not {dimensions}.");
        if (read < header.Length)
            throw new FormatException($"'{source}' ends at byte {read}, in the sizes.");
        int[] sizes = new int[dimensions];
        long count = 1;
        for (int i = 0; i < dimensions; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + 4 * i));
            if (size == 0 || size > Array.MaxLength || (count *= size) > Array.MaxLength)
                throw new FormatException($"'{source}' has a size of {size} at byte {4 + 4 * i}, which cannot be.");
            sizes[i] = (int)size;
        }

        return new IdxFile(sizes, ReadValues(stream, source, (int)count, header.Length));
    }

    // The memory grows with what is really there: a damaged size may be of any amount.
    private static byte[] ReadValues(Stream stream, string source, int count, int offset)
    {
        var values = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; values.Length <= count && (read = stream.Read(buffer)) > 0;)
            values.Write(buffer, 0, read);
        long end = offset + (long)count;
        if (values.Length < count)
            throw new FormatException($"'{source}' ends at byte {offset + values.Length}; its sizes need {end}.");
        if (values.Length > count)
            throw new FormatException($"'{source}' goes on after byte {end}, where its sizes end.");
        return values.ToArray();
    }
}
