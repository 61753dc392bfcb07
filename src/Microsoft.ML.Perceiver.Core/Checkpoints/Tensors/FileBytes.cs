using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The bytes of a file as those of tensors: read into memory of their own, or mapped. The system reads the pages of a mapped file that are
/// used and shares them between processes; a change to a tensor stays private to this process. The file is opened once, so that another
/// one that takes its name is never mixed with it.
/// </summary>
internal sealed class FileBytes : IDisposable
{
    private readonly Dictionary<ScalarType, Tensor> _mappings = [];
    private readonly Lock _lock = new();
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private bool _disposed;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isMapped">Whether tensors are mapped.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is a pipe or a device.</exception>
    internal FileBytes(string path, bool isMapped)
    {
        _path = Path.GetFullPath(path);
        IsMapped = isMapped;
        _handle = RegularFile.Open(_path);
        Length = RandomAccess.GetLength(_handle);
    }

    /// <summary>Whether tensors are mapped.</summary>
    internal bool IsMapped { get; }

    /// <summary>The file's length in bytes when it was opened.</summary>
    internal long Length { get; }

    /// <summary>The file as a stream, from its first byte on. Disposing it leaves the file open.</summary>
    internal Stream CreateStream() => new RandomAccessStream(_handle, Length, _path);

    /// <summary>The SHA-256 of the file.</summary>
    internal string Hash()
    {
        using var stream = CreateStream();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>A tensor of bytes of the file; the caller has checked that they lie within.</summary>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The shape, without a 0.</param>
    /// <param name="strides">The distance of neighbours along each axis, in elements.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="span">The number of elements from the first to the last.</param>
    internal Tensor View(ScalarType dtype, long[] shape, long[] strides, long offset, long span)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int size = SafeTensorsHeader.SizeOf(dtype);
        // A tensor whose offset is no multiple of its element's size cannot be mapped.
        if (IsMapped && offset % size == 0)
            return Mapping(dtype, size).as_strided(shape, strides, offset / size);
        using var stream = CreateStream();
        stream.Seek(offset, SeekOrigin.Begin);
        using var copy = TensorBytes.Read(stream, new PerceiverTensorInfo("", dtype, [span], offset, span * size), _path);
        return copy.as_strided(shape, strides);
    }

    /// <summary>Releases the pages of some mapped bytes, which the system reads again on the next access; only on Linux.</summary>
    /// <param name="dtype">The element type of the tensor that was read.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="bytes">The number of bytes.</param>
    internal unsafe void ReleasePages(ScalarType dtype, long offset, long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        lock (_lock)
        {
            if (_disposed || !_mappings.TryGetValue(dtype, out var mapping))
                return;
            using var first = mapping.narrow(0, 0, 1);
            fixed (byte* start = first.bytes)
                LinuxMemory.ReleasePages((nint)start + (nint)offset, (nint)bytes);
        }
    }

    /// <summary>Closes the file; tensors that were taken from it stay valid, and keep a mapping alive.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var mapping in _mappings.Values)
                mapping.Dispose();
            _mappings.Clear();
            _handle.Dispose();
        }
    }

    // One mapping of the whole file for each element type, as a mapped tensor cannot be viewed as another type.
    private Tensor Mapping(ScalarType dtype, int size)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_mappings.TryGetValue(dtype, out var mapping))
            {
                // libtorch opens by name. On Linux this one is that of the file which is open, whatever has its path meanwhile; on
                // Windows a file that is open keeps its name.
                string name = OperatingSystem.IsLinux() ? $"/proc/self/fd/{_handle.DangerousGetHandle()}" : _path;
                mapping = from_file(name, shared: false, size: Length / size, dtype: dtype, device: CPU);
                mapping.DetachFromDisposeScope();
                _mappings[dtype] = mapping;
            }

            return mapping;
        }
    }
}
