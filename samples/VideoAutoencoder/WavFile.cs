using System.Buffers.Binary;

namespace VideoAutoencoder;

/// <summary>Audio of a WAV file, mixed to one channel. PCM of 8 to 32 bits and floats are read, also from RF64 files.</summary>
/// <param name="Rate">Samples a second.</param>
/// <param name="Samples">From -1 to 1.</param>
internal sealed record WavFile(int Rate, float[] Samples)
{
    private const int HeaderLength = 44;

    // Programs that write into a pipe cannot go back to put the length in: they write one of these, or 0.
    private const uint UnknownLength = 0x7FFF_0000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file, is of another coding, or ends too early.</exception>
    public static WavFile Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        bool isWav = file.Length >= 12 && file.AsSpan(8, 4).SequenceEqual("WAVE"u8)
            && (file.AsSpan(0, 4).SequenceEqual("RIFF"u8) || file.AsSpan(0, 4).SequenceEqual("RF64"u8));
        if (!isWav)
            throw new FormatException($"'{path}' is no WAV file.");
        WavCoding? coding = null;
        long dataLength = 0;
        for (long at = 12; at + 8 <= file.Length;)
        {
            var name = file.AsSpan((int)at, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at + 4));
            at += 8;
            long left = file.Length - at;
            bool isData = name.SequenceEqual("data"u8);
            // RF64 has the length in a part of its own; a last part without a length goes on to the end of the file.
            if (isData && length == uint.MaxValue && dataLength > 0)
                length = dataLength;
            else if (isData && (length == 0 || length >= UnknownLength))
                length = left;
            if (length > left)
                throw new FormatException($"'{path}' is cut off: {length} bytes are announced at {at}, {left} are there.");
            var content = file.AsSpan((int)at, (int)length);
            if (name.SequenceEqual("ds64"u8) && length >= 16)
                dataLength = BinaryPrimitives.ReadInt64LittleEndian(content[8..]);
            else if (name.SequenceEqual("fmt "u8))
                coding = WavCoding.Read(path, content);
            else if (isData)
            {
                return coding is not null
                    ? new WavFile(coding.Rate, coding.Mix(content))
                    : throw new FormatException($"'{path}' does not say how its samples are written.");
            }

            // Parts begin at even places.
            at += length + (length & 1);
        }

        throw new FormatException($"'{path}' is cut off: it has no samples.");
    }

    /// <summary>Writes the samples as 16-bit PCM.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path)
    {
        byte[] file = new byte[HeaderLength + 2 * Samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 2 * Rate);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 2 * Samples.Length);
        for (int i = 0; i < Samples.Length; i++)
        {
            float sample = Math.Clamp(MathF.Round(Samples[i] * 32768), short.MinValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderLength + 2 * i), (short)sample);
        }
        File.WriteAllBytes(path, file);
    }

    /// <summary>How many samples this is at another rate.</summary>
    public long LengthAt(int rate) => (long)Samples.Length * rate / Rate;

    /// <summary>The same audio with so many samples a second, without the tones that these could not hold.</summary>
    /// <param name="rate">Samples a second.</param>
    /// <param name="most">The most samples that are needed; the rest is left out.</param>
    public WavFile Resampled(int rate, long most = long.MaxValue)
    {
        int length = (int)Math.Min(most, LengthAt(rate));
        if (rate == Rate)
            return length == Samples.Length ? this : new WavFile(rate, Samples[..length]);
        const int lobes = 16;
        double step = Rate / (double)rate, cutoff = Math.Min(1, 1 / step), reach = lobes / cutoff;
        float[] resampled = new float[length];
        for (int i = 0; i < resampled.Length; i++)
        {
            double centre = i * step, sum = 0;
            for (int j = Math.Max(0, (int)Math.Ceiling(centre - reach)); j <= Math.Min(Samples.Length - 1, centre + reach); j++)
            {
                double x = (j - centre) * cutoff, window = 0.5 + 0.5 * Math.Cos(Math.PI * x / lobes);
                sum += Samples[j] * window * (x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x));
            }

            resampled[i] = (float)(sum * cutoff);
        }

        return new WavFile(rate, resampled);
    }
}
