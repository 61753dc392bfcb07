namespace Microsoft.ML.Perceiver;

/// <summary>The content of a file of torch.save: the saved value, and the positions of the bytes of its storages.</summary>
/// <param name="Root">The value.</param>
/// <param name="Place">The first byte of its pickle, for messages.</param>
/// <param name="Starts">The first byte of each storage by its key.</param>
internal sealed record TorchArchive(object? Root, long Place, IReadOnlyDictionary<string, long> Starts)
{
    /// <summary>The first byte of a pickle of protocol 2 or later.</summary>
    private const byte Pickle = 0x80;

    /// <summary>Reads either format.</summary>
    /// <param name="stream">The file, buffered.</param>
    /// <param name="source">The file's name for messages.</param>
    /// <exception cref="FormatException">The file is damaged, or not written by torch.save; the message gives the byte.</exception>
    internal static TorchArchive Read(Stream stream, string source)
    {
        Span<byte> first = stackalloc byte[2];
        int count = stream.ReadAtLeast(first, 2, throwOnEndOfStream: false);
        stream.Position = 0;
        if (count == 2 && first[0] == 'P' && first[1] == 'K')
            return TorchZip.Read(stream, source);
        if (count == 2 && first[0] == Pickle)
            return TorchLegacy.Read(stream, source);
        throw new FormatException($"'{source}' is no file of torch.save: at byte 0 it begins neither as a zip file nor as a pickle.");
    }
}
