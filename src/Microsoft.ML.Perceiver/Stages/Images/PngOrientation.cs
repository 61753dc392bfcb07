using System.Buffers.Binary;
using SkiaSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>The orientation that a PNG file's eXIf chunk states, which Skia's versions do not all read.</summary>
internal static class PngOrientation
{
    // Length and type before a chunk's data, and its checksum behind.
    private const int Signature = 8, Head = 8, Checksum = 4;
    private const int EntryLength = 12, OrientationTag = 0x0112, ShortType = 3;

    /// <summary>Where the file's first pixel belongs; the top left where it does not say so, or is damaged.</summary>
    /// <param name="file">The file's bytes.</param>
    internal static SKEncodedOrigin Of(ReadOnlySpan<byte> file)
    {
        if (file.Length < Signature)
            return SKEncodedOrigin.TopLeft;
        var rest = file[Signature..];
        while (rest.Length >= Head)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - Head)
                break;
            if (rest[4..Head].SequenceEqual("eXIf"u8))
                return InTiff(rest.Slice(Head, (int)length));
            rest = rest[Math.Min(rest.Length, Head + (int)length + Checksum)..];
        }

        return SKEncodedOrigin.TopLeft;
    }

    // The first directory's entry; its value lies in the entry itself.
    private static SKEncodedOrigin InTiff(ReadOnlySpan<byte> tiff)
    {
        bool isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || (!isLittle && !tiff.StartsWith("MM\0*"u8)))
            return SKEncodedOrigin.TopLeft;
        uint start = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (start > tiff.Length - 2)
            return SKEncodedOrigin.TopLeft;
        var entries = tiff[((int)start + 2)..];
        for (int left = Short(tiff[(int)start..], isLittle); left > 0 && entries.Length >= EntryLength; left--)
        {
            if (Short(entries, isLittle) == OrientationTag && Short(entries[2..], isLittle) == ShortType)
            {
                int value = Short(entries[8..], isLittle);
                return value is >= 1 and <= 8 ? (SKEncodedOrigin)value : SKEncodedOrigin.TopLeft;
            }

            entries = entries[EntryLength..];
        }

        return SKEncodedOrigin.TopLeft;
    }

    private static int Short(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
