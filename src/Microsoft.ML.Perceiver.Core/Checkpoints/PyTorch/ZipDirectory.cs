using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The central directory of a zip file, with zip64, of stored entries only, as torch.save writes them: each entry is a range of the file's
/// bytes. Compressed, encrypted and overlapping entries are refused, so that no file expands to more than its length.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054B50, End64Locator = 0x07064B50, End64Signature = 0x06064B50;
    private const uint EntrySignature = 0x02014B50, LocalSignature = 0x04034B50;
    private const int EndLength = 22, LocatorLength = 20, End64Length = 56, EntryLength = 46, LocalLength = 30;
    private const long LongestDirectory = 8 << 20;

    private readonly Dictionary<string, ZipEntry> _byName = new(StringComparer.Ordinal);
    private readonly Stream _stream;
    private readonly string _source;

    /// <summary>Reads the directory at the end of a file.</summary>
    /// <exception cref="FormatException">It is damaged; the message gives the byte.</exception>
    internal ZipDirectory(Stream stream, string source)
    {
        _stream = stream;
        _source = source;
        var (start, length, last) = FindList();
        if (start < 0 || length < 0 || length > LongestDirectory || start > last - length)
            throw Damaged(last, $"the list of contents claims {length} bytes from byte {start}, of {last}");
        byte[] list = Read(start, length);
        for (int at = 0; at < list.Length;)
            at += Add(list.AsSpan(at), start + at);
        CheckOverlaps(start);
    }

    internal IEnumerable<string> Names => _byName.Keys;

    /// <summary>The range of an entry's bytes.</summary>
    /// <exception cref="FormatException">There is no such entry, or its own header differs from the directory.</exception>
    internal (long Start, long Length) Find(string name)
    {
        if (!_byName.TryGetValue(name, out var entry))
            throw new FormatException($"'{_source}' is damaged: it has no entry '{PickleObjects.Short(name)}'.");
        byte[] header = Read(entry.Header, LocalLength);
        int nameLength = UInt16(header, 26);
        long start = entry.Header + LocalLength + nameLength + UInt16(header, 28);
        if (UInt32(header, 0) != LocalSignature
            || UInt16(header, 8) != 0
            || start + entry.Length > _stream.Length
            || !Read(entry.Header + LocalLength, nameLength).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(name)))
        {
            throw Damaged(entry.Header, $"the entry '{PickleObjects.Short(name)}' is not as the list of contents has it");
        }

        return (start, entry.Length);
    }

    private void CheckOverlaps(long end)
    {
        foreach (var entry in _byName.Values.OrderByDescending(e => e.Header))
        {
            long room = end - LocalLength - entry.Header;
            if (entry.Header < 0 || entry.Length < 0 || room < 0 || entry.Length > room)
            {
                throw Damaged(
                    entry.Header,
                    $"the entry '{PickleObjects.Short(entry.Name)}' of {entry.Length} bytes "
                    + $"reaches beyond byte {end}, where the next begins");
            }

            end = entry.Header;
        }
    }

    private (long Start, long Length, long Last) FindList()
    {
        long tailStart = Math.Max(0, _stream.Length - EndLength - ushort.MaxValue);
        byte[] tail = Read(tailStart, _stream.Length - tailStart);
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            if (UInt32(tail, at) != EndSignature || at + EndLength + UInt16(tail, at + 20) != tail.Length)
                continue;
            long last = tailStart + at;
            int locator = at - LocatorLength;
            if (locator >= 0 && UInt32(tail, locator) == End64Locator)
                return FindList64(Int64(tail, locator + 8), tailStart + locator);
            return (UInt32(tail, at + 16), UInt32(tail, at + 12), last);
        }

        throw Damaged(_stream.Length, "the list of contents of a zip file is missing");
    }

    private (long Start, long Length, long Last) FindList64(long place, long last)
    {
        if (place < 0 || place > last - End64Length)
            throw Damaged(last, $"the list of contents is said to end at byte {place}");
        byte[] end = Read(place, End64Length);
        if (UInt32(end, 0) != End64Signature)
            throw Damaged(place, "the end of the list of contents is missing");
        return (Int64(end, 48), Int64(end, 40), place);
    }

    private int Add(ReadOnlySpan<byte> entry, long place)
    {
        if (entry.Length < EntryLength || UInt32(entry, 0) != EntrySignature)
            throw Damaged(place, "the list of contents has no entry where one must begin");
        int nameLength = UInt16(entry, 28), extraLength = UInt16(entry, 30), commentLength = UInt16(entry, 32);
        int whole = EntryLength + nameLength + extraLength + commentLength;
        if (entry.Length < whole)
            throw Damaged(place, "the list of contents ends within an entry");
        string name = Encoding.UTF8.GetString(entry.Slice(EntryLength, nameLength));
        if ((UInt16(entry, 8) & 1) != 0 || UInt16(entry, 10) != 0)
            throw Damaged(place, $"the entry '{PickleObjects.Short(name)}' is compressed or encrypted, which torch.save never does");
        long[] sizes = [UInt32(entry, 24), UInt32(entry, 20), UInt32(entry, 42)];
        ReadExtra(entry.Slice(EntryLength + nameLength, extraLength), sizes, place);
        if (sizes[0] != sizes[1])
            throw Damaged(place, $"the entry '{PickleObjects.Short(name)}' has {sizes[1]} bytes for {sizes[0]}");
        if (!_byName.TryAdd(name, new ZipEntry(name, sizes[2], sizes[0])))
            throw Damaged(place, $"the entry '{PickleObjects.Short(name)}' stands twice");
        return whole;
    }

    // Sizes and positions above four gigabytes are in the extra field, where the field of the entry has its largest value.
    private void ReadExtra(ReadOnlySpan<byte> extra, long[] sizes, long place)
    {
        while (extra.Length >= 4)
        {
            int length = UInt16(extra, 2);
            if (extra.Length < 4 + length)
                break;
            var field = extra.Slice(4, length);
            for (int i = 0; UInt16(extra, 0) == 1 && i < sizes.Length; i++)
            {
                if (sizes[i] != uint.MaxValue)
                    continue;
                if (field.Length < 8)
                    throw Damaged(place, "an entry's size is missing");
                sizes[i] = Int64(field, 0);
                field = field[8..];
            }

            extra = extra[(4 + length)..];
        }
    }

    private byte[] Read(long start, long length)
    {
        byte[] bytes = new byte[length];
        _stream.Position = start;
        if (start > _stream.Length - length || _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Damaged(_stream.Length, "the file ends too soon");
        return bytes;
    }

    private FormatException Damaged(long place, string what) =>
        new($"'{_source}' is damaged or not a checkpoint: at byte {place} {what}.");

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private readonly record struct ZipEntry(string Name, long Header, long Length);
}
