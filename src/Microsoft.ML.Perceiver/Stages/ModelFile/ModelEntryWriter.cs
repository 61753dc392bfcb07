using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Writes the entries of a model file, and last of all their SHA-256: ML.NET checks nothing of what it reads back, and a changed bit of a
/// weight would only change predictions.
/// </summary>
/// <param name="context">The model file.</param>
internal sealed class ModelEntryWriter(ModelSaveContext context)
{
    /// <summary>The entry with the SHA-256 of each other one.</summary>
    internal const string HashesEntry = "Hashes.json";

    private readonly SortedDictionary<string, string> _hashes = new(StringComparer.Ordinal);

    internal void WriteText(string entry, string text) => Write(entry, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    internal void Write(string entry, Action<Stream> write) => MlNetInternals.WriteStream(context, entry, stream =>
    {
        using var checksum = ChecksumStream.Sha256(stream);
        write(checksum);
        _hashes[entry] = checksum.Finish();
    });

    /// <summary>Writes the hashes of all entries that were written.</summary>
    internal void WriteHashes()
    {
        byte[] hashes = JsonSerializer.SerializeToUtf8Bytes(_hashes);
        MlNetInternals.WriteStream(context, HashesEntry, stream => stream.Write(hashes));
    }
}
