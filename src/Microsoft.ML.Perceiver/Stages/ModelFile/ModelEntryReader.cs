using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads the entries of a model file, each with its SHA-256 checked; in files from before these were written, with the CRC-32 of the zip
/// format, which .NET does not check either.
/// </summary>
internal sealed class ModelEntryReader
{
    // Labels make the longest texts: a hundred thousand of them are some MB.
    private const long LongestText = 16 << 20;

    private readonly ModelLoadContext _context;
    private readonly Dictionary<string, string>? _hashes;

    /// <summary>Reads the list of hashes.</summary>
    /// <exception cref="FormatException">It is damaged, or an entry that it names is missing.</exception>
    internal ModelEntryReader(ModelLoadContext context)
    {
        _context = context;
        if (ModelArchive.Find(context, ModelEntryWriter.HashesEntry) is null)
            return;
        string list = ReadText(ModelEntryWriter.HashesEntry);
        _hashes = ModelFileErrors.In(
            ModelEntryWriter.HashesEntry,
            () => JsonSerializer.Deserialize<Dictionary<string, string>>(list) ?? throw new JsonException("It is no JSON object."));
        if (_hashes.Keys.FirstOrDefault(e => ModelArchive.Find(context, e) is null) is { } missing)
            throw ModelFileErrors.Missing(missing);
    }

    /// <summary>The folder of the model file; null where it is loaded from another stream than a file's.</summary>
    internal string? Folder => ModelArchive.FolderOf(_context);

    internal bool Has(string entry) => ModelArchive.Find(_context, entry) is not null;

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">There is none of the name, or it is no JSON object.</exception>
    internal JsonObject ReadJson(string entry)
    {
        string text = ReadText(entry);
        return ModelFileErrors.In(
            entry,
            () => JsonNode.Parse(text) as JsonObject ?? throw new JsonException("It is no JSON object."));
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">There is none of the name, it is too long, or its checksum is another.</exception>
    internal string ReadText(string entry) => Read(entry, LongestText, stream =>
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return reader.ReadToEnd();
    });

    /// <summary>Reads an entry, which need not fit into memory, and disposes what came of it where the checksum is another.</summary>
    /// <exception cref="FormatException">There is none of the name, or its checksum is another.</exception>
    internal T Read<T>(string entry, Func<Stream, T> read)
        where T : class => Read(entry, long.MaxValue, read);

    private T Read<T>(string entry, long longest, Func<Stream, T> read)
        where T : class
    {
        var file = ModelArchive.Find(_context, entry) ?? throw ModelFileErrors.Missing(entry);
        if (file.Length > longest)
            throw ModelFileErrors.Damaged(entry, $"has {file.Length} bytes; {longest} are the most that it may have.");
        T? result = null;
        try
        {
            return ModelFileErrors.In(entry, () =>
            {
                using var stream = Open(file, entry, out string expected);
                result = read(stream);
                return stream.FinishReading() == expected
                    ? result
                    : throw new InvalidDataException("its bytes are not those that were written.");
            });
        }
        catch
        {
            (result as IDisposable)?.Dispose();
            throw;
        }
    }

    private ChecksumStream Open(ZipArchiveEntry file, string entry, out string expected)
    {
        if (_hashes is not null)
        {
            expected = _hashes.GetValueOrDefault(entry) ?? throw new InvalidDataException("there is no SHA-256 of it.");
            return ChecksumStream.Sha256(file.Open());
        }

        expected = ChecksumStream.Text(file.Crc32);
        return ChecksumStream.Crc(file.Open());
    }
}
