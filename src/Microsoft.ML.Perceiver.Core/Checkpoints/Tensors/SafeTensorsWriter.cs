using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Writes safetensors, as Hugging Face's library reads them.</summary>
public static class SafeTensorsWriter
{
    /// <summary>
    /// Writes a file. It is replaced as a whole: the bytes are written to a temporary file beside it, which is then renamed. An older file
    /// stays as it is until then, and afterwards for processes that have it mapped.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors by name, of any device.</param>
    /// <param name="metadata">Metadata of the file; <c>format: pt</c> is added, which Hugging Face requires.</param>
    /// <exception cref="ArgumentException">The format has no name for a tensor's element type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void WriteFile(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    /// <summary>Writes to a stream, from its position on.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="tensors">The tensors by name, of any device.</param>
    /// <param name="metadata">Metadata of the file.</param>
    /// <exception cref="ArgumentException">The format has no name for a tensor's element type.</exception>
    public static void Write(
        Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        Write(stream, [.. tensors.Select(t => PendingTensor.Of(t.Key, t.Value))], metadata);
    }

    /// <summary>Writes tensors that are made one after the other, so that only one is in memory.</summary>
    /// <exception cref="ArgumentException">The format has no name for a tensor's element type.</exception>
    internal static void Write(
        Stream stream, IReadOnlyCollection<PendingTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        foreach (var tensor in tensors)
        {
            if (!SafeTensorsHeader.Supports(tensor.Dtype))
            {
                throw new ArgumentException(
                    $"'{tensor.Name}' is of type {tensor.Dtype}, which safetensors does not have.", nameof(tensors));
            }
        }

        // With wide elements first every tensor is aligned to its element.
        var ordered = tensors
            .OrderByDescending(t => SafeTensorsHeader.SizeOf(t.Dtype))
            .ThenBy(t => t.Name, StringComparer.Ordinal)
            .ToArray();
        byte[] header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in ordered)
        {
            using var value = tensor.Value();
            TensorBytes.Write(stream, value);
        }
    }

    private static byte[] Header(IEnumerable<PendingTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            writer.WriteString("format", "pt");
            foreach (var (key, value) in (metadata ?? new Dictionary<string, string>()).Where(m => m.Key != "format"))
                writer.WriteString(key, value);
            writer.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", SafeTensorsHeader.NameOf(tensor.Dtype));
                writer.WriteStartArray("shape");
                foreach (long extent in tensor.Shape)
                    writer.WriteNumberValue(extent);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += tensor.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (json.Length % 8 != 0)
            json.WriteByte((byte)' ');
        return json.ToArray();
    }
}
