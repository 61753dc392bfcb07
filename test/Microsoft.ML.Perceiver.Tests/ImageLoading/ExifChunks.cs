using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver.Tests.ImageLoading;

/// <summary>Puts EXIF into files where each format has its place.</summary>
internal static class ExifChunks
{
    /// <summary>APP1, the first segment.</summary>
    internal static byte[] InJpeg(byte[] file, byte[] exif)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(exif.Length + 8));
        return [.. file[..2], 0xFF, 0xE1, .. length, .. "Exif\0\0"u8, .. exif, .. file[2..]];
    }

    /// <summary>eXIf, behind the header of 33 bytes.</summary>
    internal static byte[] InPng(byte[] file, byte[] exif)
    {
        using var chunk = new MemoryStream();
        DeepPng.WriteChunk(chunk, "eXIf", exif);
        return [.. file[..33], .. chunk.ToArray(), .. file[33..]];
    }

    /// <summary>EXIF, the last chunk, which needs the extended header.</summary>
    internal static byte[] InWebp(byte[] file, byte[] exif, int width, int height)
    {
        // Behind "RIFF", the length and "WEBP".
        byte[] image = file[12..];
        byte[] size = [.. BitConverter.GetBytes(width - 1)[..3], .. BitConverter.GetBytes(height - 1)[..3]];
        byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, .. size];
        byte[] content = [.. "WEBP"u8, .. extended, .. image, .. "EXIF"u8, .. BitConverter.GetBytes(exif.Length), .. exif];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(content.Length), .. content];
    }
}
