using System.Globalization;
using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver;

/// <summary>A stream that computes the checksum of the bytes that go through it, so that no second pass is needed.</summary>
internal sealed class ChecksumStream : Stream
{
    private readonly Stream _inner;
    private readonly IncrementalHash? _sha256;
    private uint _crc32;

    private ChecksumStream(Stream inner, IncrementalHash? sha256)
    {
        _inner = inner;
        _sha256 = sha256;
    }

    public override bool CanRead => _inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => _inner.CanWrite;

    public override long Length => throw new NotSupportedException("The bytes go through once.");

    public override long Position
    {
        get => throw new NotSupportedException("The bytes go through once.");
        set => throw new NotSupportedException("The bytes go through once.");
    }

    /// <summary>The SHA-256 of the bytes that go through.</summary>
    internal static ChecksumStream Sha256(Stream inner) => new(inner, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));

    /// <summary>The CRC-32 of the bytes that go through, as zip files have it.</summary>
    internal static ChecksumStream Crc(Stream inner) => new(inner, sha256: null);

    /// <summary>A CRC-32 as <see cref="Finish"/> gives it.</summary>
    internal static string Text(uint crc32) => crc32.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>Reads what is left, and gives the checksum in hexadecimal digits.</summary>
    internal string FinishReading()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (Read(rest) > 0)
        {
        }

        return Finish();
    }

    /// <summary>The checksum of the bytes that went through, in hexadecimal digits.</summary>
    internal string Finish() => _sha256 is null ? Text(_crc32) : Convert.ToHexStringLower(_sha256.GetHashAndReset());

    public override int Read(Span<byte> buffer)
    {
        int read = _inner.Read(buffer);
        Append(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _inner.Write(buffer);
        Append(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => _inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The bytes go through once.");

    public override void SetLength(long value) => throw new NotSupportedException("The bytes go through once.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _sha256?.Dispose();
        base.Dispose(disposing);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_sha256 is null)
            _crc32 = Crc32.Of(bytes, _crc32);
        else
            _sha256.AppendData(bytes);
    }
}
