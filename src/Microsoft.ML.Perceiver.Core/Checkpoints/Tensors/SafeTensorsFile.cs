using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A safetensors file. Its tensors are read into memory of their own, or mapped: the system then reads the pages that are used and shares
/// them between processes, and a change to a tensor (training) stays private to this process.
/// </summary>
public sealed class SafeTensorsFile : ITensorFile
{
    private readonly Dictionary<string, PerceiverTensorInfo> _byName;
    private readonly FileBytes _file;

    private SafeTensorsFile(string path, SafeTensorsHeader header, FileBytes file)
    {
        Path = path;
        Length = file.Length;
        _file = file;
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

    bool ITensorSource.IsMapped => _file.IsMapped;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="map">
    /// Whether tensors are mapped: they cost no memory of their own, but the file may only be replaced by renaming another one to its name.
    /// Writing into it changes the tensors, and truncating it ends the process at the next access.
    /// </param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is damaged; the message gives the byte.</exception>
    public static SafeTensorsFile Open(string path, bool map = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There are no weights at '{path}'.", path);
        var file = new FileBytes(path, map);
        try
        {
            using var stream = file.CreateStream();
            MisplacedFile.Refuse(stream, path);
            var header = SafeTensorsHeader.Read(stream, file.Length, path);
            return new SafeTensorsFile(System.IO.Path.GetFullPath(path), header, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name, on the CPU; where the file is mapped, in its memory. The caller disposes it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The tensor, with the type and shape that the file gives.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public Tensor Get(string name) =>
        _byName.TryGetValue(name, out var info)
            ? Get(info)
            : throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'.");

    /// <inheritdoc/>
    IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ITensorSource.ReadAll() => Tensors.Select(info => (info, Get(info)));

    /// <inheritdoc/>
    void ITensorSource.ReleasePages(PerceiverTensorInfo info) => _file.ReleasePages(info.Dtype, info.Offset, info.Length);

    /// <summary>Closes the file; tensors that were taken from it stay valid.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>The SHA-256 of the file that is open.</summary>
    internal string Hash() => _file.Hash();

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
