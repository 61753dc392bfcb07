using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>Reads a file through a handle that several streams share, each at a position of its own.</summary>
/// <param name="file">The file; it stays open.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="name">Its name for messages.</param>
internal sealed class RandomAccessStream(SafeFileHandle file, long length, string name) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <returns>The number of bytes that were read; 0 at the end.</returns>
    /// <exception cref="IOException">The file became shorter.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        file.ReadExactly(_position, buffer[..count], name);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => _position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("This stream is for reading.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This stream is for reading.");
}
