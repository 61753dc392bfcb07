using System.Buffers.Binary;

namespace VideoAutoencoder;

/// <summary>Audio of a WAV file, mixed to one channel. PCM of 8 to 32 bits and floats are read, also from RF64 files.</summary>
/// <remarks>
/// NAudio's reader (3.3.0) takes all of these too, but refuses files that a pipe left with lengths of 0, and does not notice that a file
/// is cut off.
/// </remarks>
/// <param name="Rate">Samples a second.</param>
/// <param name="Samples">From -1 to 1; those that were asked for.</param>
internal sealed record WavFile(int Rate, float[] Samples)
{
    private const int HeaderLength = 44, BlockLength = 1 << 16;

    // How far a sample of another rate is made of those around it, on each side, in samples of the lower rate.
    private const int Lobes = 16;

    /// <summary>The samples of the whole file.</summary>
    public long Length { get; init; } = Samples.Length;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seconds">How much of it is needed at most; the rest is not read.</param>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="FormatException">It is no such file, is of another coding, or ends too early.</exception>
    public static WavFile Read(string path, double seconds = double.PositiveInfinity)
    {
        using var file = File.OpenRead(path);
        var header = WavHeader.Read(file, path);
        var coding = header.Coding;
        long length = header.Length / coding.BlockSize;
        long needed = (long)Math.Min(length, Math.Ceiling(Math.Max(0, seconds) * coding.Rate) + Lobes);
        if (needed > Array.MaxLength)
            throw new FormatException($"'{path}' has {needed} samples, more than fit into memory.");
        float[] samples = new float[needed];
        byte[] block = new byte[BlockLength * coding.BlockSize];
        file.Position = header.Start;
        for (int at = 0; at < samples.Length; at += BlockLength)
        {
            var part = samples.AsSpan(at, Math.Min(BlockLength, samples.Length - at));
            var bytes = block.AsSpan(0, part.Length * coding.BlockSize);
            file.ReadExactly(bytes);
            coding.Mix(bytes, part);
        }

        return new WavFile(coding.Rate, samples) { Length = length };
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

    /// <summary>The same audio, beginning later after silence, or earlier without its first samples.</summary>
    /// <param name="seconds">When it begins; below 0 for what is left out.</param>
    public WavFile StartingAt(double seconds)
    {
        if (seconds == 0)
            return this;
        int silence = (int)Math.Clamp(Math.Round(seconds * Rate), -Samples.Length, Array.MaxLength - Samples.Length);
        float[] samples = silence > 0 ? [.. new float[silence], .. Samples] : Samples[-silence..];
        return new WavFile(Rate, samples) { Length = Math.Max(0, Length + silence) };
    }

    /// <summary>How many samples the whole file is at another rate.</summary>
    public long LengthAt(double rate) => (long)(Length * rate / Rate);

    /// <summary>Seconds of a file that are read for samples of another rate.</summary>
    /// <param name="samples">How many samples.</param>
    /// <param name="rate">Their rate.</param>
    public static double SecondsFor(long samples, double rate) => (samples + Lobes) / rate;

    /// <summary>The same audio with so many samples a second, without the tones that these could not hold.</summary>
    /// <param name="rate">Samples a second.</param>
    /// <param name="most">The most samples that are needed; the rest is left out.</param>
    public float[] Resampled(double rate, long most = long.MaxValue)
    {
        long available = Math.Min(LengthAt(rate), (long)Math.Ceiling(Samples.Length * rate / Rate));
        int length = (int)Math.Min(most, available);
        if (rate == Rate)
            return Samples[..length];
        double step = Rate / rate, cutoff = Math.Min(1, 1 / step), reach = Lobes / cutoff;
        float[] resampled = new float[length];
        for (int i = 0; i < resampled.Length; i++)
        {
            double centre = i * step, sum = 0;
            for (int j = Math.Max(0, (int)Math.Ceiling(centre - reach)); j <= Math.Min(Samples.Length - 1, centre + reach); j++)
            {
                double x = (j - centre) * cutoff, window = 0.5 + 0.5 * Math.Cos(Math.PI * x / Lobes);
                sum += Samples[j] * window * (x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x));
            }

            resampled[i] = (float)(sum * cutoff);
        }

        return resampled;
    }
}
