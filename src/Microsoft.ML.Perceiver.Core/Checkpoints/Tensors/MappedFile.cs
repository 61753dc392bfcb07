using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A file that is mapped into memory, so that its bytes are those of tensors. The system reads the pages that are used and shares them
/// between processes; a change to a tensor stays private to this process.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="length">Its length in bytes.</param>
internal sealed class MappedFile(string path, long length) : IDisposable
{
    private readonly Dictionary<ScalarType, Tensor> _mappings = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>A view of the file; the caller has checked that it lies within.</summary>
    /// <param name="dtype">The element type.</param>
    /// <param name="shape">The shape, without a 0.</param>
    /// <param name="strides">The distance of neighbours along each axis, in elements.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="span">The number of elements from the first to the last.</param>
    internal Tensor View(ScalarType dtype, long[] shape, long[] strides, long offset, long span)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int size = SafeTensorsHeader.SizeOf(dtype);
        if (offset % size == 0)
            return Mapping(dtype, size).as_strided(shape, strides, offset / size);
        // A tensor whose offset is no multiple of its element's size cannot be mapped.
        using var stream = File.OpenRead(path);
        stream.Seek(offset, SeekOrigin.Begin);
        using var copy = TensorBytes.Read(stream, new PerceiverTensorInfo("", dtype, [span], offset, span * size), path);
        return copy.as_strided(shape, strides);
    }

    /// <summary>Releases the pages of some bytes, which the system reads again on the next access; only on Linux.</summary>
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

    /// <summary>Releases the mapping; tensors that were taken from it keep it alive.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var mapping in _mappings.Values)
                mapping.Dispose();
            _mappings.Clear();
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
                mapping = from_file(path, shared: false, size: length / size, dtype: dtype, device: CPU);
                mapping.DetachFromDisposeScope();
                _mappings[dtype] = mapping;
            }

            return mapping;
        }
    }
}
