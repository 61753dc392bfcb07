using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Perceiver;

/// <summary>Windows over the bytes of files, read from the disk when they are needed.</summary>
internal sealed class FileTextRows : PerceiverRows<int[]>
{
    private readonly (string Path, long Length, int FirstRow)[] _files;
    private readonly SafeFileHandle?[] _handles;
    private readonly int _bytes;

    internal FileTextRows(IReadOnlyList<string> files, int length)
    {
        _bytes = length - 2;
        _files = new (string, long, int)[files.Count];
        _handles = new SafeFileHandle?[files.Count];
        long rows = 0;
        for (int i = 0; i < files.Count; i++)
        {
            var file = new FileInfo(files[i]);
            if (!file.Exists)
                throw new FileNotFoundException($"There is no text file '{files[i]}'.", files[i]);
            _files[i] = (file.FullName, file.Length, (int)Math.Min(rows, int.MaxValue));
            rows += (file.Length + _bytes - 1) / _bytes;
        }

        if (rows is 0 or > int.MaxValue)
        {
            string message = $"The files hold {rows} windows of {_bytes} bytes; there must be from 1 to {int.MaxValue}.";
            throw new ArgumentException(message, nameof(files));
        }

        Count = (int)rows;
    }

    public override int Count { get; }

    public override int LengthOf(int row)
    {
        var (file, offset) = Find(row);
        return (int)Math.Min(_bytes, _files[file].Length - offset) + 2;
    }

    public override int[] Read(int row, PerceiverRandom? random = null)
    {
        var (index, offset) = Find(row);
        int count = LengthOf(row) - 2;
        long latest = _files[index].Length - count;
        if (random is not null)
            offset = Math.Clamp(offset - _bytes / 2 + random.Next(_bytes), 0, latest);
        byte[] bytes = new byte[count];
        ReadExactly(index, offset, bytes);
        int[] ids = new int[count + 2];
        ids[0] = PerceiverTokenizer.ClsTokenId;
        for (int i = 0; i < count; i++)
            ids[i + 1] = bytes[i] + PerceiverTokenizer.FirstByteId;
        ids[^1] = PerceiverTokenizer.SepTokenId;
        return ids;
    }

    // With the lengths, as a text that grew by less than a window has as many rows as before.
    public override void AddTo(PerceiverFingerprint fingerprint)
    {
        foreach (var (_, length, _) in _files)
            fingerprint.Add(length);
        TokenTextRows.AddTo(fingerprint, this);
    }

    private (int File, long Offset) Find(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        int file = _files.Length - 1;
        while (_files[file].FirstRow > row || _files[file].Length == 0)
            file--;
        return (file, (long)(row - _files[file].FirstRow) * _bytes);
    }

    private void ReadExactly(int index, long offset, Span<byte> bytes)
    {
        var handle = _handles[index] ??= File.OpenHandle(_files[index].Path, options: FileOptions.RandomAccess);
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(handle, bytes, offset);
            if (read == 0)
                throw new IOException($"'{_files[index].Path}' ends at byte {offset}; it became shorter while it was trained on.");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
