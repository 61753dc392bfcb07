using System.Buffers.Binary;

namespace VideoAutoencoder;

/// <summary>Audio of a WAV file of 16-bit PCM, mixed to one channel.</summary>
/// <param name="Rate">Samples a second.</param>
/// <param name="Samples">From -1 to 1.</param>
internal sealed record WavFile(int Rate, float[] Samples)
{
    private const int HeaderLength = 44;

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file, is of another coding, or ends too early.</exception>
    public static WavFile Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 12 || !file.AsSpan(0, 4).SequenceEqual("RIFF"u8) || !file.AsSpan(8, 4).SequenceEqual("WAVE"u8))
            throw new FormatException($"'{path}' is no WAV file.");
        int rate = 0, channels = 0;
        for (long at = 12; at + 8 <= file.Length;)
        {
            var name = file.AsSpan((int)at, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at + 4));
            at += 8;
            if (at + length > file.Length)
                throw new FormatException($"'{path}' is cut off: {length} bytes are announced at {at}, {file.Length - at} are there.");
            var content = file.AsSpan((int)at, (int)length);
            if (name.SequenceEqual("fmt "u8))
                (rate, channels) = Format(path, content);
            else if (name.SequenceEqual("data"u8))
            {
                return channels > 0
                    ? new WavFile(rate, Mixed(content, channels))
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

    /// <summary>The same audio with so many samples a second, without the tones that these could not hold.</summary>
    public WavFile Resampled(int rate)
    {
        if (rate == Rate)
            return this;
        const int lobes = 16;
        double step = Rate / (double)rate, cutoff = Math.Min(1, 1 / step), reach = lobes / cutoff;
        float[] resampled = new float[(int)((long)Samples.Length * rate / Rate)];
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

    private static (int Rate, int Channels) Format(string path, ReadOnlySpan<byte> content)
    {
        if (content.Length < 16)
            throw new FormatException($"'{path}' does not say how its samples are written.");
        int coding = BinaryPrimitives.ReadUInt16LittleEndian(content), channels = BinaryPrimitives.ReadUInt16LittleEndian(content[2..]);
        int rate = BinaryPrimitives.ReadInt32LittleEndian(content[4..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(content[14..]);
        // 0xFFFE: what it is stands further behind, at first two bytes with the same numbers.
        if (coding == 0xFFFE && content.Length >= 26)
            coding = BinaryPrimitives.ReadUInt16LittleEndian(content[24..]);
        return coding == 1 && bits == 16 && channels > 0 && rate > 0
            ? (rate, channels)
            : throw new FormatException(
                $"'{path}' has samples of coding {coding} with {bits} bits, {channels} channels, {rate} a second; "
                + "16-bit PCM (coding 1) is read.");
    }

    private static float[] Mixed(ReadOnlySpan<byte> content, int channels)
    {
        float[] samples = new float[content.Length / (2 * channels)];
        for (int i = 0; i < samples.Length; i++)
        {
            float sum = 0;
            for (int c = 0; c < channels; c++)
                sum += BinaryPrimitives.ReadInt16LittleEndian(content[(2 * (i * channels + c))..]);
            samples[i] = sum / (32768f * channels);
        }

        return samples;
    }
}
