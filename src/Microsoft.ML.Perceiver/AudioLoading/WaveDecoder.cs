using System.Buffers.Binary;
using NAudio.Wave;

namespace Microsoft.ML.Perceiver;

/// <summary>Decodes WAV files, as NAudio reads them, to one channel at a sample rate.</summary>
internal static class WaveDecoder
{
    // Files of fewer samples a second are damaged, and would take far more memory than they have bytes.
    private const int LowestRate = 1_000, HighestRate = 384_000;

    // Programs that write into a pipe cannot go back to put the length in: they write one of these, or 0.
    private const uint UnknownLength = 0x7FFF_0000;

    private const int HeaderLength = 12, LongLength = 28, BlockFrames = 1 << 14;

    /// <summary>The samples of a file, from -1 to 1; the mean of its channels.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="most">The most samples that are wanted; null for all.</param>
    /// <exception cref="FormatException">It is no WAV file, damaged, cut off, without samples, or of a coding that is not read.</exception>
    internal static float[] Decode(byte[] file, int sampleRate, int? most = null)
    {
        RequireWhole(file);
        try
        {
            using var reader = new WaveFileReader(new MemoryStream(file, writable: false));
            var coding = WaveCoding.Of(reader.WaveFormat);
            int rate = reader.WaveFormat.SampleRate;
            if (rate is < LowestRate or > HighestRate)
                throw new FormatException($"It has {rate} samples a second; from {LowestRate} to {HighestRate} are read.");
            long frames = reader.Length / coding.BlockSize;
            if (frames == 0)
                throw new FormatException("It has no samples.");
            return Read(reader, coding, frames, new AudioResampler(rate, sampleRate), most);
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException or ArithmeticException)
        {
            // NAudio has many kinds for damaged files.
            throw new FormatException($"It is damaged: {e.Message}", e);
        }
    }

    private static float[] Read(WaveFileReader reader, WaveCoding coding, long frames, AudioResampler resampler, int? most)
    {
        if (most is { } wanted)
            frames = Math.Min(frames, resampler.NeededFor(wanted));
        if (Math.Max(frames, resampler.LengthOf(frames)) > Array.MaxLength)
            throw new FormatException("It has more samples than fit into a vector.");
        float[] samples = new float[frames];
        byte[] block = new byte[Math.Min(BlockFrames, samples.Length) * coding.BlockSize];
        for (int at = 0; at < samples.Length; at += BlockFrames)
        {
            var part = samples.AsSpan(at, Math.Min(BlockFrames, samples.Length - at));
            int bytes = part.Length * coding.BlockSize;
            if (reader.Read(block, 0, bytes) != bytes)
                throw new FormatException("It is cut off.");
            coding.Mix(block.AsSpan(0, bytes), part);
        }

        if (samples.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw new FormatException("It has a sample that is no finite number.");
        float[] resampled = resampler.Resample(samples);
        return most < resampled.Length ? resampled[..most.Value] : resampled;
    }

    // NAudio takes what is there, and does not say that the rest is missing.
    private static void RequireWhole(byte[] file)
    {
        if (file.Length < HeaderLength || !IsWav(file))
            throw new FormatException($"The {file.Length} bytes are no WAV file.");
        long length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4));
        bool isLong = !file.AsSpan(0, 4).SequenceEqual("RIFF"u8);
        if (isLong && file.Length >= LongLength && file.AsSpan(HeaderLength, 4).SequenceEqual("ds64"u8))
            length = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(HeaderLength + 8));
        else if (length is 0 or >= UnknownLength)
            throw new FormatException("It does not say how long it is, as it was written into a pipe; write it into a file.");
        if (length > file.Length - 8)
            throw new FormatException($"It is cut off: {length + 8} bytes are announced, {file.Length} are there.");
    }

    private static bool IsWav(ReadOnlySpan<byte> file)
    {
        var kind = file[..4];
        bool isKnown = kind.SequenceEqual("RIFF"u8) || kind.SequenceEqual("RF64"u8) || kind.SequenceEqual("BW64"u8);
        return isKnown && file[8..HeaderLength].SequenceEqual("WAVE"u8);
    }
}
