using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Frames with flow in a temporary file (for each pixel 6 bytes of colours and 8 of flow), so that only those of a step are in memory. The
/// file is deleted with the last reference to this object, or with the process.
/// </summary>
internal sealed class FlowFile
{
    private readonly string _path = Path.GetTempFileName();
    private readonly SafeFileHandle _file;
    private readonly List<(long Offset, int Height, int Width)> _examples = [];
    private long _length;

    /// <exception cref="IOException">No temporary file can be created.</exception>
    internal FlowFile()
    {
        var options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, options);
        // Unix deletes the name at once and the contents with the last handle, so that a process that is killed leaves nothing behind.
        if (!OperatingSystem.IsWindows())
            File.Delete(_path);
    }

    /// <summary>Writes an example and gives its number.</summary>
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
        _file.ReadExactly(offset, first, _path);
        _file.ReadExactly(offset + first.Length, second, _path);
        _file.ReadExactly(offset + first.Length + second.Length, MemoryMarshal.AsBytes(flow.AsSpan()), _path);
        return new PerceiverFlowExample(Image(first), Image(second), new PerceiverFlowField(height, width, flow));

        PerceiverImage Image(byte[] pixels) => new(height, width, RgbPlanes.Channels, pixels, PerceiverImageLayout.ChannelsFirst);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _length);
        _length += bytes.Length;
    }
}
