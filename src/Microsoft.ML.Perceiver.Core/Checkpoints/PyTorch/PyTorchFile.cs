using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A file of torch.save (<c>pytorch_model.bin</c>), of the zip format or the legacy one. Its pickle is read for names and shapes only, and
/// no code of it is run. Tensors are read into memory of their own, or mapped where they are contiguous and have bytes of their own.
/// </summary>
public sealed class PyTorchFile : ITensorFile
{
    private readonly Dictionary<string, Entry> _byName;
    private readonly FileBytes _file;

    private PyTorchFile(string path, FileBytes file, IEnumerable<Entry> entries)
    {
        Path = path;
        Length = file.Length;
        _file = file;
        Entry[] ordered = [.. entries.OrderBy(e => e.Info.Offset).ThenBy(e => e.Info.Name, StringComparer.Ordinal)];
        MarkShared(ordered);
        Tensors = [.. ordered.Select(e => e.Info)];
        _byName = ordered.ToDictionary(e => e.Info.Name, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The file's length in bytes.</summary>
    public long Length { get; }

    /// <summary>
    /// Names, types and shapes of the tensors in the order of their first bytes. The names of tensors in inner dictionaries, lists and
    /// tuples are joined by points. A tensor's length is that of its elements, also where it is a view that repeats or leaves out some.
    /// </summary>
    public IReadOnlyList<PerceiverTensorInfo> Tensors { get; }

    string ITensorSource.Source => Path;

    bool ITensorSource.IsMapped => _file.IsMapped;

    /// <summary>Opens a file and checks its pickle.</summary>
    /// <param name="path">The file.</param>
    /// <param name="map">As for <see cref="SafeTensorsFile.Open"/>.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">
    /// The file is damaged, compressed, or its pickle names anything but tensors and plain values; the message gives the byte.
    /// </exception>
    public static PyTorchFile Open(string path, bool map = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There are no weights at '{path}'.", path);
        var file = new FileBytes(path, map);
        try
        {
            using var stream = new BufferedStream(file.CreateStream(), 1 << 14);
            MisplacedFile.Refuse(stream, path);
            var archive = TorchArchive.Read(stream, path);
            var entries = StateDictionary.Of(archive, path)
                .Select(t => Entry.Of(t.Key, t.Value, archive.Starts[t.Value.Storage.Key]));
            return new PyTorchFile(System.IO.Path.GetFullPath(path), file, entries.Select(e => e.Checked(file.Length, path)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of a name, on the CPU and contiguous. The caller disposes it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The tensor, with the type and shape that the file gives.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    public Tensor Get(string name) =>
        _byName.TryGetValue(name, out var entry)
            ? Get(entry)
            : throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'.");

    /// <inheritdoc/>
    IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ITensorSource.ReadAll() =>
        Tensors.Select(info => (info, Get(_byName[info.Name])));

    /// <inheritdoc/>
    void ITensorSource.ReleasePages(PerceiverTensorInfo info) => _file.ReleasePages(info.Dtype, info.Offset, info.Length);

    /// <summary>Closes the file; tensors that were taken from it stay valid.</summary>
    public void Dispose() => _file.Dispose();

    private Tensor Get(Entry entry)
    {
        TorchRuntime.EnsureLoaded();
        var tensor = entry.Tensor;
        if (tensor.Elements == 0)
            return empty(tensor.Shape, entry.Info.Dtype);
        var view = _file.View(entry.Info.Dtype, tensor.Shape, tensor.Strides, entry.Info.Offset, tensor.Span);
        if (view.is_contiguous() && !(entry.IsShared && _file.IsMapped))
            return view;
        using (view)
            return view.is_contiguous() ? view.clone() : view.contiguous();
    }

    // Of two tensors with the same bytes, training one must not change the other.
    private static void MarkShared(Entry[] ordered)
    {
        Entry? last = null;
        foreach (var entry in ordered.Where(e => e.Tensor.Elements > 0))
        {
            if (last is not null && entry.Info.Offset < last.End)
                last.IsShared = entry.IsShared = true;
            if (last is null || entry.End > last.End)
                last = entry;
        }
    }

    private sealed class Entry
    {
        private Entry(PerceiverTensorInfo info, TorchTensor tensor)
        {
            Info = info;
            Tensor = tensor;
            End = info.Offset + (tensor.Span * tensor.Storage.ElementSize);
        }

        internal PerceiverTensorInfo Info { get; }

        internal TorchTensor Tensor { get; }

        internal long End { get; }

        internal bool IsShared { get; set; }

        internal static Entry Of(string name, TorchTensor tensor, long storageStart)
        {
            long offset = storageStart + tensor.Offset * tensor.Storage.ElementSize;
            return new Entry(new PerceiverTensorInfo(name, tensor.Storage.Type, tensor.Shape, offset, tensor.Bytes), tensor);
        }

        // A view with strides of zero may repeat its elements any number of times.
        internal Entry Checked(long fileLength, string source) => Info.Length <= fileLength
            ? this
            : throw new FormatException(
                $"'{source}' is damaged: '{PickleObjects.Short(Info.Name)}', at byte {Info.Offset}, "
                + $"repeats its elements to {Info.Length} bytes, more than the file has.");
    }
}
