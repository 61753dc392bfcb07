using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Safetensors from a stream that cannot be mapped or sought, such as an entry of a model zip.</summary>
internal sealed class SafeTensorsStream : ITensorSource
{
    private readonly Stream _stream;

    /// <summary>Reads the header; <see cref="ReadAll"/> then reads the tensors, once.</summary>
    /// <param name="stream">The file's bytes.</param>
    /// <param name="length">Their number; null where it is not known.</param>
    /// <param name="source">The file's name for messages.</param>
    /// <exception cref="FormatException">The header is damaged.</exception>
    internal SafeTensorsStream(Stream stream, long? length, string source)
    {
        _stream = stream;
        Source = source;
        Tensors = SafeTensorsHeader.Read(stream, length, source).Tensors;
    }

    public string Source { get; }

    public IReadOnlyList<PerceiverTensorInfo> Tensors { get; }

    public IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ReadAll() =>
        Tensors.Select(info => (info, TensorBytes.Read(_stream, info, Source)));
}
