using System.Buffers.Binary;

namespace VideoAutoencoder;

/// <summary>Where the samples of a WAV file stand, and how they are written.</summary>
/// <param name="Coding">How they are written.</param>
/// <param name="Start">Their first byte in the file.</param>
/// <param name="Length">Their bytes.</param>
internal sealed record WavHeader(WavCoding Coding, long Start, long Length)
{
    // Programs that write into a pipe cannot go back to put the length in: they write one of these, or 0.
    private const uint UnknownLength = 0x7FFF_0000;

    // Those of other chunks that are read here are far shorter.
    private const int MostContent = 4096;

    /// <summary>Reads the chunks up to the samples.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name.</param>
    /// <exception cref="FormatException">It is no such file, is of another coding, or ends too early.</exception>
    public static WavHeader Read(Stream file, string path)
    {
        byte[] head = new byte[12];
        bool isWav = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && IsWav(head);
        if (!isWav)
            throw new FormatException($"'{path}' is no WAV file.");
        // Then a length of 0 is that of a file without samples.
        bool isWholeLengthTrue = 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) == file.Length;
        WavCoding? coding = null;
        long longDataLength = 0;
        for (long at = head.Length; at + 8 <= file.Length;)
        {
            file.Position = at;
            file.ReadExactly(head, 0, 8);
            var name = head.AsSpan(0, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
            at += 8;
            long left = file.Length - at;
            bool isData = name.SequenceEqual("data"u8);
            // RF64 has the length in a chunk of its own; samples without a length go on to the end of the file.
            if (isData && length == uint.MaxValue && longDataLength > 0)
                length = longDataLength;
            else if (isData && (length >= UnknownLength && length > left || length == 0 && !isWholeLengthTrue))
                length = left;
            if (length > left)
                throw new FormatException($"'{path}' is cut off: {length} bytes are announced at {at}, {left} are there.");
            if (isData)
            {
                return coding is not null
                    ? new WavHeader(coding, at, length)
                    : throw new FormatException($"'{path}' does not say how its samples are written.");
            }

            bool isLength = name.SequenceEqual("ds64"u8), isFormat = name.SequenceEqual("fmt "u8);
            if (isLength || isFormat)
            {
                byte[] content = new byte[Math.Min(length, MostContent)];
                file.ReadExactly(content);
                if (isFormat)
                    coding = WavCoding.Read(path, content);
                else if (content.Length >= 16)
                    longDataLength = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(8));
            }

            // Chunks begin at even places.
            at += length + (length & 1);
        }

        throw new FormatException($"'{path}' is cut off: it has no samples.");
    }

    private static bool IsWav(ReadOnlySpan<byte> head)
    {
        var kind = head[..4];
        bool isKnown = kind.SequenceEqual("RIFF"u8) || kind.SequenceEqual("RF64"u8) || kind.SequenceEqual("BW64"u8);
        return isKnown && head[8..].SequenceEqual("WAVE"u8);
    }
}
