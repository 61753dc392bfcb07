namespace BatchScore.Inputs;

/// <summary>Reads a file's records of bytes one after the other, and knows where each begins.</summary>
internal sealed class RecordReader : IDisposable
{
    /// <summary>The longest record.</summary>
    public const int MaxBytes = 16 << 20;

    private readonly FileStream _stream;
    private readonly RecordEnd _recordEnd;
    private readonly string _name;
    private byte[] _buffer = new byte[1 << 18];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the first record begins; 0 skips a byte order mark.</param>
    /// <param name="recordEnd">What finds a record's end.</param>
    public RecordReader(InputFile file, long offset, RecordEnd recordEnd)
    {
        (_recordEnd, _name) = (recordEnd, file.Name);
        _stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _stream.Position = offset;
        Offset = offset;
        if (offset == 0)
        {
            Fill();
            if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
                Advance(3);
        }
    }

    /// <summary>Finds the line feed that ends the record at the beginning of some bytes; -1 where there is none.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="isInside">Whether the bytes end within something that a line feed does not end.</param>
    internal delegate int RecordEnd(ReadOnlySpan<byte> bytes, out bool isInside);

    /// <summary>Where the next record begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether the last record was ended by the file's end within quotes.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>Reads a record, without its line end.</summary>
    /// <param name="record">It; valid until the next one is read.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="FormatException">A record is too long.</exception>
    public bool Next(out ReadOnlySpan<byte> record)
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            int length = _recordEnd(rest, out bool isInside);
            if (length >= 0)
            {
                record = WithoutReturn(rest[..length]);
                Advance(length + 1);
                return true;
            }

            if (_isAtEnd)
            {
                record = WithoutReturn(rest);
                IsUnfinished = isInside;
                Advance(rest.Length);
                return rest.Length > 0;
            }

            Fill();
        }
    }

    public void Dispose() => _stream.Dispose();

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> record) => record is [.., (byte)'\r'] ? record[..^1] : record;

    private void Advance(int count)
    {
        _start += count;
        Offset += count;
    }

    // More bytes after those that are not used yet.
    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end >= MaxBytes)
        {
            throw new FormatException(
                $"'{_name}': the row at byte {Offset} is longer than {MaxBytes >> 20} MB, or has a quote that nothing closes.");
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isAtEnd = read == 0;
    }
}
