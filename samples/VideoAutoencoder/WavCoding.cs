using System.Buffers.Binary;

namespace VideoAutoencoder;

/// <summary>How the samples of a WAV file are written.</summary>
/// <param name="Rate">Samples a second.</param>
/// <param name="Channels">Samples of one moment.</param>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="IsFloat">Whether they are floating-point numbers, or else whole ones.</param>
internal sealed record WavCoding(int Rate, int Channels, int Bits, bool IsFloat)
{
    private const int Pcm = 1, Float = 3, Extensible = 0xFFFE;

    /// <summary>Reads the part of a file that says it.</summary>
    /// <exception cref="FormatException">It is cut off, or says what is not read here.</exception>
    public static WavCoding Read(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length < 16)
            throw new FormatException($"'{path}' does not say how its samples are written.");
        int coding = BinaryPrimitives.ReadUInt16LittleEndian(content), channels = BinaryPrimitives.ReadUInt16LittleEndian(content[2..]);
        int rate = BinaryPrimitives.ReadInt32LittleEndian(content[4..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(content[14..]);
        // What an extensible coding is stands further behind, at first two bytes with the same numbers.
        if (coding == Extensible && content.Length >= 26)
            coding = BinaryPrimitives.ReadUInt16LittleEndian(content[24..]);
        bool isKnown = (coding, bits) is (Pcm, 8 or 16 or 24 or 32) or (Float, 32 or 64);
        return isKnown && channels > 0 && rate > 0
            ? new WavCoding(rate, channels, bits, coding == Float)
            : throw new FormatException(
                $"'{path}' has samples of coding {coding} with {bits} bits, {channels} channels, {rate} a second; "
                + "PCM (coding 1) of 8, 16, 24 or 32 bits and floats (coding 3) of 32 or 64 are read.");
    }

    /// <summary>Bytes of one moment.</summary>
    public int BlockSize => Bits / 8 * Channels;

    /// <summary>The mean of the channels at each moment.</summary>
    /// <param name="content">The moments as they stand in the file.</param>
    /// <param name="samples">As many samples.</param>
    public void Mix(ReadOnlySpan<byte> content, Span<float> samples)
    {
        int size = Bits / 8;
        for (int i = 0; i < samples.Length; i++)
        {
            double sum = 0;
            for (int c = 0; c < Channels; c++)
                sum += Sample(content.Slice(size * (i * Channels + c), size));
            samples[i] = (float)(sum / Channels);
        }
    }

    // From -1 to 1. Whole numbers of 8 bits have their middle at 128, others at 0.
    private double Sample(ReadOnlySpan<byte> bytes) => (Bits, IsFloat) switch
    {
        (8, _) => (bytes[0] - 128) / 128.0,
        (16, _) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768.0,
        (24, _) => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8388608.0,
        (32, false) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648.0,
        (32, true) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };
}
