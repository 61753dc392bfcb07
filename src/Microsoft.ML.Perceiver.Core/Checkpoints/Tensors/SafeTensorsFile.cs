using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A safetensors file. Its tensors are mapped: the system reads the pages that are used and shares them between processes; a change to a
/// tensor (training) stays private to this process.
/// </summary>
public sealed class SafeTensorsFile : ITensorFile
{
    private readonly Dictionary<string, PerceiverTensorInfo> _byName;
    private readonly MappedFile _file;

    private SafeTensorsFile(string path, SafeTensorsHeader header, long length)
    {
        Path = path;
        Length = length;
        _file = new MappedFile(path, length);
        Tensors = header.Tensors;
        Metadata = header.Metadata;
        _byName = header.Tensors.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; }

    /// <summary>Names, types and shapes of the tensors, in the order of their bytes.</summary>
    public IReadOnlyList<PerceiverTensorInfo> Tensors { get; }

    /// <summary>The file's metadata, e.g. <c>format</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    string ITensorSource.Source => Path;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is damaged; the message gives the byte.</exception>
    public static SafeTensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There are no weights at '{path}'.", path);
        using var stream = File.OpenRead(path);
        var header = SafeTensorsHeader.Read(stream, stream.Length, path);
        return new SafeTensorsFile(System.IO.Path.GetFullPath(path), header, stream.Length);
    }

    /// <summary>The tensor of a name, on the CPU; its memory is the mapped file. The caller disposes it.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public Tensor Get(string name) =>
        _byName.TryGetValue(name, out var info)
            ? Get(info)
            : throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'.");

    /// <inheritdoc/>
    IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ITensorSource.ReadAll() => Tensors.Select(info => (info, Get(info)));

    /// <inheritdoc/>
    void ITensorSource.ReleasePages(PerceiverTensorInfo info) => _file.ReleasePages(info.Dtype, info.Offset, info.Length);

    /// <summary>Releases the mapping; tensors that were taken from it keep it alive.</summary>
    public void Dispose() => _file.Dispose();

    private Tensor Get(PerceiverTensorInfo info)
    {
        TorchRuntime.EnsureLoaded();
        if (info.Length == 0)
            return empty([.. info.Shape], info.Dtype);
        long[] strides = new long[info.Shape.Count];
        long stride = 1;
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= info.Shape[i];
        }

        return _file.View(info.Dtype, [.. info.Shape], strides, info.Offset, stride);
    }
}
