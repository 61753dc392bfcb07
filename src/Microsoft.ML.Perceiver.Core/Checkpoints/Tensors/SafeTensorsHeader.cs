using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The header of a safetensors file: eight bytes of length, then JSON. Every number in it is checked against the file before it is used, so
/// that a damaged or hostile header causes neither reads outside the file nor allocations above the file's size.
/// </summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>
    /// Far below the format's limit, as a parsed header takes a multiple of its length in memory; a tensor takes some 150 bytes of it.
    /// </summary>
    private const long LongestHeader = 4 << 20;

    /// <summary>The limit of PyTorch.</summary>
    private const int MostAxes = 64;

    private static readonly Dictionary<string, (ScalarType Type, int Size)> Types = new(StringComparer.Ordinal)
    {
        ["BOOL"] = (ScalarType.Bool, 1),
        ["U8"] = (ScalarType.Byte, 1),
        ["I8"] = (ScalarType.Int8, 1),
        ["I16"] = (ScalarType.Int16, 2),
        ["I32"] = (ScalarType.Int32, 4),
        ["I64"] = (ScalarType.Int64, 8),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
        ["F32"] = (ScalarType.Float32, 4),
        ["F64"] = (ScalarType.Float64, 8),
    };

    private SafeTensorsHeader(IReadOnlyList<PerceiverTensorInfo> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The tensors in the order of their bytes.</summary>
    internal IReadOnlyList<PerceiverTensorInfo> Tensors { get; }

    /// <summary>The file's metadata (<c>__metadata__</c>).</summary>
    internal IReadOnlyDictionary<string, string> Metadata { get; }

    internal static string NameOf(ScalarType type) => Types.First(t => t.Value.Type == type).Key;

    internal static int SizeOf(ScalarType type) => Types.Values.First(t => t.Type == type).Size;

    internal static bool Supports(ScalarType type) => Types.Values.Any(t => t.Type == type);

    /// <summary>Reads a header from the start of a stream and leaves the stream at the first tensor's bytes.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="length">
    /// The file's length; null where it is not known, so that a truncated file is only found when its tensors are read.
    /// </param>
    /// <param name="source">The file's name for messages.</param>
    internal static SafeTensorsHeader Read(Stream stream, long? length, string source)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            throw new FormatException(
                $"'{source}' is not a safetensors file: it ends at byte {length ?? 0}, within the length of its header.");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long limit = Math.Min(LongestHeader, (length ?? long.MaxValue) - 8);
        if (headerLength < 2 || headerLength > (ulong)limit)
        {
            throw new FormatException(
                $"'{source}' is not a safetensors file: at byte 0 its header claims {headerLength} bytes, of {limit} that it could have.");
        }

        byte[] json = length is null ? ReadBlockwise(stream, (int)headerLength, source) : ReadWhole(stream, (int)headerLength);
        return Parse(json, 8 + (long)headerLength, length, source);
    }

    private static byte[] ReadWhole(Stream stream, int count)
    {
        byte[] json = new byte[count];
        stream.ReadExactly(json);
        return json;
    }

    // Where the stream's length is unknown, no memory is allocated for the claimed length before the bytes are read.
    private static byte[] ReadBlockwise(Stream stream, int count, string source)
    {
        using var json = new MemoryStream();
        byte[] block = new byte[Math.Min(count, 1 << 16)];
        while (json.Length < count)
        {
            int read = stream.Read(block, 0, (int)Math.Min(block.Length, count - json.Length));
            if (read == 0)
                throw new FormatException($"'{source}' is damaged: it ends at byte {8 + json.Length}, within its header of {count} bytes.");
            json.Write(block, 0, read);
        }

        return json.ToArray();
    }

    private static SafeTensorsHeader Parse(byte[] json, long dataStart, long? length, string source)
    {
        var tensors = new List<PerceiverTensorInfo>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (!names.Add(entry.Name))
                    throw new FormatException($"'{source}' is damaged: its header names '{entry.Name}' twice.");
                if (entry.Name == "__metadata__")
                {
                    foreach (var note in entry.Value.EnumerateObject())
                        metadata[note.Name] = note.Value.GetString() ?? "";
                    continue;
                }

                tensors.Add(ParseTensor(entry, dataStart, length, source));
            }
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException or ArgumentException)
        {
            throw new FormatException($"'{source}' is damaged: its header, from byte 8, cannot be read: {e.Message}", e);
        }

        tensors.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.Length.CompareTo(b.Length));
        long end = dataStart;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset != end)
            {
                throw new FormatException(
                    $"'{source}' is damaged: '{tensor.Name}' begins at byte {tensor.Offset}, but the tensor before it ends at {end}.");
            }

            end += tensor.Length;
        }

        if (length is { } total && end != total)
            throw new FormatException($"'{source}' is damaged: its tensors end at byte {end}, the file at {total}.");
        return new SafeTensorsHeader(tensors, metadata);
    }

    private static PerceiverTensorInfo ParseTensor(JsonProperty entry, long dataStart, long? length, string source)
    {
        string dtype = entry.Value.GetProperty("dtype").GetString() ?? "";
        if (!Types.TryGetValue(dtype, out var type))
        {
            throw new FormatException(
                $"'{source}': '{entry.Name}' has the type '{dtype}', which is not supported; known are {string.Join(", ", Types.Keys)}.");
        }

        long[] shape = entry.Value.GetProperty("shape").EnumerateArray().Take(MostAxes + 1).Select(e => ExactInteger(e)).ToArray();
        if (shape.Length > MostAxes || shape.Any(d => d < 0))
        {
            string shown = string.Join(", ", shape.Take(MostAxes));
            throw new FormatException($"'{source}' is damaged: '{entry.Name}' has the shape [{shown}] of {shape.Length} axes.");
        }

        long bytes = shape.Contains(0) ? 0 : shape.Aggregate((long)type.Size, (a, b) => checked(a * b));
        long[] offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Take(3).Select(e => ExactInteger(e)).ToArray();
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > (length ?? long.MaxValue) - dataStart)
        {
            throw new FormatException(
                $"'{source}' is damaged: '{entry.Name}' claims the bytes [{string.Join(", ", offsets)}] after byte {dataStart}"
                + (length is null ? "." : $" of {length}."));
        }

        if (offsets[1] - offsets[0] != bytes)
        {
            throw new FormatException(
                $"'{source}' is damaged: '{entry.Name}' of {dtype} [{string.Join(", ", shape)}] needs {bytes} bytes "
                + $"and has {offsets[1] - offsets[0]} at byte {dataStart + offsets[0]}.");
        }

        return new PerceiverTensorInfo(entry.Name, type.Type, shape, checked(dataStart + offsets[0]), bytes);
    }

    private static long ExactInteger(JsonElement element) =>
        element.TryGetInt64(out long value) ? value : throw new JsonException($"{element} is not a whole number.");
}
