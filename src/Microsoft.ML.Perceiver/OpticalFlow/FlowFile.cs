using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Frames with flow in a temporary file (for each pixel 6 bytes of colours and 8 of flow), so that only those of a step are in memory. The
/// file is deleted with the last reference to this object, or with the process.
/// </summary>
internal sealed class FlowFile
{
    private readonly SafeFileHandle _handle;
    private readonly List<(long Offset, int Height, int Width)> _examples = [];
    private long _length;

    /// <exception cref="IOException">There is no room for temporary files.</exception>
    internal FlowFile()
    {
        string path = Path.GetTempFileName();
        var options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, options);
        // Unix deletes the name at once and the contents with the last handle, so that a process that is killed leaves nothing behind.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    /// <summary>Writes an example.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    internal long Add(PerceiverFlowExample example)
    {
        _examples.Add((_length, example.First.Height, example.First.Width));
        Write(example.First.Pixels.Span);
        Write(example.Second.Pixels.Span);
        Write(MemoryMarshal.AsBytes(example.Flow.Values.AsSpan()));
        return _examples.Count - 1;
    }

    /// <summary>Reads an example. Several threads may.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal PerceiverFlowExample Read(long number)
    {
        var (offset, height, width) = _examples[(int)number];
        byte[] first = new byte[RgbPlanes.Channels * height * width];
        byte[] second = new byte[first.Length];
        float[] flow = new float[PerceiverFlowField.Components * height * width];
        ReadExactly(first, offset);
        ReadExactly(second, offset + first.Length);
        ReadExactly(MemoryMarshal.AsBytes(flow.AsSpan()), offset + first.Length + second.Length);
        return new PerceiverFlowExample(Image(first), Image(second), new PerceiverFlowField(height, width, flow));

        PerceiverImage Image(byte[] pixels) => new(height, width, RgbPlanes.Channels, pixels, PerceiverImageLayout.ChannelsFirst);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, _length);
        _length += bytes.Length;
    }

    private void ReadExactly(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0)
                throw new EndOfStreamException("A temporary file of training frames is shorter than it was.");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
