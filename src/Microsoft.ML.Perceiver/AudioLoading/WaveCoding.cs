using System.Buffers.Binary;
using NAudio.Codecs;
using NAudio.Wave;

namespace Microsoft.ML.Perceiver;

/// <summary>How the samples of a WAV file are written.</summary>
/// <param name="Encoding">What their bits mean.</param>
/// <param name="Channels">Samples of one moment.</param>
/// <param name="Bits">Bits of a sample.</param>
internal sealed record WaveCoding(WaveFormatEncoding Encoding, int Channels, int Bits)
{
    // Where an extensible format, as it is serialised after its length, says which one it is: two bytes with the same numbers.
    private const int SubFormat = 4 + 24;

    /// <summary>Bytes of one moment.</summary>
    internal int BlockSize => Bits / 8 * Channels;

    /// <summary>The coding of a format.</summary>
    /// <exception cref="FormatException">It is one that is not read.</exception>
    internal static WaveCoding Of(WaveFormat format)
    {
        var encoding = format.Encoding;
        if (encoding == WaveFormatEncoding.Extensible)
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            format.Serialize(writer);
            byte[] bytes = stream.ToArray();
            if (bytes.Length >= SubFormat + 2)
                encoding = (WaveFormatEncoding)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(SubFormat));
        }

        var coding = new WaveCoding(encoding, format.Channels, format.BitsPerSample);
        bool isKnown = (encoding, coding.Bits) is (WaveFormatEncoding.Pcm, 8 or 16 or 24 or 32)
            or (WaveFormatEncoding.IeeeFloat, 32 or 64) or (WaveFormatEncoding.MuLaw or WaveFormatEncoding.ALaw, 8);
        if (!isKnown)
        {
            throw new FormatException(
                $"Its samples have the coding {encoding} with {coding.Bits} bits; PCM of 8, 16, 24 and 32 bits, floats of 32 and 64, "
                + "mu-law and A-law are read.");
        }

        return coding.BlockSize > 0 && coding.BlockSize == format.BlockAlign
            ? coding
            : throw new FormatException(
                $"It has {coding.Channels} channels of {coding.Bits} bits, but {format.BlockAlign} bytes for each moment.");
    }

    /// <summary>The mean of the channels at each moment.</summary>
    /// <param name="content">The moments as they stand in the file.</param>
    /// <param name="samples">As many samples.</param>
    internal void Mix(ReadOnlySpan<byte> content, Span<float> samples)
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
    private double Sample(ReadOnlySpan<byte> bytes) => (Encoding, Bits) switch
    {
        (WaveFormatEncoding.MuLaw, _) => MuLawDecoder.MuLawToLinearSample(bytes[0]) / 32768.0,
        (WaveFormatEncoding.ALaw, _) => ALawDecoder.ALawToLinearSample(bytes[0]) / 32768.0,
        (WaveFormatEncoding.IeeeFloat, 32) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (WaveFormatEncoding.IeeeFloat, _) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (_, 8) => (bytes[0] - 128) / 128.0,
        (_, 16) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768.0,
        (_, 24) => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8388608.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648.0,
    };
}
