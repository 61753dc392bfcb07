using System.Buffers.Binary;

namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>WAV files, byte by byte.</summary>
internal static class WavData
{
    internal const int Pcm = 1, Float = 3, ALaw = 6, MuLaw = 7, Extensible = 0xFFFE;

    /// <summary>The end of the identifier of an extensible format, behind the two bytes that say which it is.</summary>
    private static readonly byte[] s_guid = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>A file.</summary>
    /// <param name="coding">How its samples are written.</param>
    /// <param name="rate">Samples a second.</param>
    /// <param name="channels">Samples of one moment.</param>
    /// <param name="bits">Bits of a sample.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="isExtensible">Whether the coding is said behind the format.</param>
    /// <param name="before">A chunk of three bytes before the format, and its filling.</param>
    internal static byte[] File(
        int coding, int rate, int channels, int bits, byte[] samples, bool isExtensible = false, bool before = false)
    {
        byte[] format = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)(isExtensible ? Extensible : coding));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), rate);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(8), rate * channels * bits / 8);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), (ushort)(channels * bits / 8));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)bits);
        if (isExtensible)
            format = [.. format, 22, 0, (byte)bits, 0, 3, 0, 0, 0, (byte)coding, 0, .. s_guid];
        byte[] other = before ? [.. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0] : [];
        byte[] content = [.. "WAVE"u8, .. other, .. Chunk("fmt ", format), .. Chunk("data", samples)];
        return Chunk("RIFF", content);
    }

    /// <summary>A file of 16-bit PCM with one channel.</summary>
    internal static byte[] File(int rate, params IEnumerable<float> samples) => File(Pcm, rate, 1, 16, Bytes(samples, Pcm, 16));

    /// <summary>A tone.</summary>
    internal static float[] Tone(int samples, double frequency, int rate = 16000, double amplitude = 0.5) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * frequency * i / rate)))];

    /// <summary>Samples as they stand in a file.</summary>
    internal static byte[] Bytes(IEnumerable<float> samples, int coding, int bits) => [.. samples.SelectMany(s => Bytes(s, coding, bits))];

    private static byte[] Bytes(double sample, int coding, int bits)
    {
        if (coding == Float)
            return bits == 32 ? BitConverter.GetBytes((float)sample) : BitConverter.GetBytes(sample);
        long whole = (long)Math.Clamp(Math.Round(sample * (1L << (bits - 1))), -(1L << (bits - 1)), (1L << (bits - 1)) - 1);
        return bits == 8 ? [(byte)(whole + 128)] : BitConverter.GetBytes(whole)[..(bits / 8)];
    }

    private static byte[] Chunk(string name, byte[] content) =>
        [.. System.Text.Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(content.Length), .. content];
}
