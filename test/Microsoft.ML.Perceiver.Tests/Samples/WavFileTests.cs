using System.Buffers.Binary;
using System.Text;
using VideoAutoencoder;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>The audio that samples/VideoAutoencoder reads.</summary>
[TestClass]
public sealed class WavFileTests
{
    [TestMethod]
    public void What_is_written_is_read_again()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.wav");
        new WavFile(16000, [0, 0.5f, -1, 1]).Write(path);
        var read = WavFile.Read(path);
        Assert.AreEqual(16000, read.Rate);
        CollectionAssert.AreEqual(new[] { 0, 0.5f, -1, 32767 / 32768f }, read.Samples);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(11)]
    [DataRow(20)]
    [DataRow(40)]
    [DataRow(43)]
    [DataRow(51)]
    public void A_file_that_ends_too_early_is_refused(int length)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.wav");
        new WavFile(16000, [0, 0.5f, -1, 1]).Write(path);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => WavFile.Read(path)).Message, "a.wav");
    }

    [TestMethod]
    [DataRow(0u)]
    [DataRow(0x7FFFFFFFu)]
    [DataRow(0x7FFFF000u)]
    [DataRow(0xFFFFFFFFu)]
    public void A_length_that_a_pipe_could_not_know_is_that_of_the_file(uint length)
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.wav"];
        new WavFile(16000, [0, 0.5f, -1]).Write(path);
        byte[] bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(40), length);
        File.WriteAllBytes(path, bytes);
        CollectionAssert.AreEqual(new[] { 0, 0.5f, -1 }, WavFile.Read(path).Samples);
    }

    [TestMethod]
    public void The_length_of_an_RF64_file_stands_in_its_own_part()
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.wav"];
        File.WriteAllBytes(path, Wav(16, 1, [0, 64, 0, 128], "RF64", dataLength: uint.MaxValue, ds64: 4, after: [1, 2, 3, 4]));
        CollectionAssert.AreEqual(new[] { 0.5f, -1 }, WavFile.Read(path).Samples);
    }

    [TestMethod]
    [DataRow(8, 1, new byte[] { 128, 192, 0 }, new[] { 0f, 0.5f, -1 })]
    [DataRow(24, 1, new byte[] { 0, 0, 64, 0, 0, 128 }, new[] { 0.5f, -1 })]
    [DataRow(32, 1, new byte[] { 0, 0, 0, 64, 0, 0, 0, 128 }, new[] { 0.5f, -1 })]
    [DataRow(32, 3, new byte[] { 0, 0, 0, 63, 0, 0, 128, 191 }, new[] { 0.5f, -1 })]
    [DataRow(64, 3, new byte[] { 0, 0, 0, 0, 0, 0, 224, 63 }, new[] { 0.5f })]
    public void Other_codings_are_read(int bits, int coding, byte[] data, float[] expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.wav"];
        // A part with words stands before the samples, as many programs write it.
        File.WriteAllBytes(path, Wav(bits, coding, data));
        CollectionAssert.AreEqual(expected, WavFile.Read(path).Samples);
    }

    [TestMethod]
    public void Only_the_samples_that_are_needed_are_resampled()
    {
        var audio = new WavFile(48000, [.. Enumerable.Range(0, 48000).Select(i => MathF.Sin(i / 20f))]);
        float[] whole = audio.Resampled(16000), part = audio.Resampled(16000, most: 500);
        CollectionAssert.AreEqual(whole[..500], part);
        Assert.HasCount(500, new WavFile(16000, whole).Resampled(16000, most: 500));
    }

    [TestMethod]
    [DataRow(48000, 16000)]
    [DataRow(8000, 16000)]
    [DataRow(16000, 320)]
    [DataRow(44100, 15344)]
    public void Only_the_samples_that_are_needed_are_read(int from, int to)
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.wav"];
        // Nine seconds, of which half a second is needed.
        new WavFile(from, [.. Enumerable.Range(0, 9 * from).Select(i => 0.9f * MathF.Sin(i / 20f))]).Write(path);
        var part = WavFile.Read(path, WavFile.SecondsFor(to / 2, to));
        Assert.IsLessThan(from, part.Samples.Length);
        Assert.AreEqual(9 * from, part.Length);
        CollectionAssert.AreEqual(WavFile.Read(path).Resampled(to, to / 2), part.Resampled(to, to / 2));
    }

    [TestMethod]
    public void Samples_without_a_length_in_a_file_with_one_are_none()
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.wav"];
        byte[] list = [.. "LIST"u8, 4, 0, 0, 0, 1, 2, 3, 4];
        byte[] empty = Wav(16, 1, [], after: list);
        BinaryPrimitives.WriteInt32LittleEndian(empty.AsSpan(4), empty.Length - 8);
        File.WriteAllBytes(path, empty);
        Assert.IsEmpty(WavFile.Read(path).Samples);
    }

    [TestMethod]
    [DataRow("RF64", 0L)]
    [DataRow("RF64", -1L)]
    [DataRow("BW64", 4L)]
    public void Other_64_bit_files_are_read(string kind, long ds64)
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.wav"];
        File.WriteAllBytes(path, Wav(16, 1, [0, 64, 0, 128], kind, dataLength: uint.MaxValue, ds64: ds64));
        CollectionAssert.AreEqual(new[] { 0.5f, -1 }, WavFile.Read(path).Samples);
    }

    [TestMethod]
    public void Codings_that_are_not_known_are_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.wav");
        new WavFile(16000, [0, 0.5f]).Write(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[20] = 3;
        File.WriteAllBytes(path, bytes);
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => WavFile.Read(path)).Message, "coding 3 with 16 bits");
    }

    [TestMethod]
    [DataRow(48000, 16000)]
    [DataRow(8000, 16000)]
    [DataRow(44100, 16000)]
    public void A_tone_is_the_same_tone_at_another_rate(int from, int to)
    {
        float[] Tone(int rate) => [.. Enumerable.Range(0, rate / 10).Select(i => 0.5f * MathF.Sin(2 * MathF.PI * 440 * i / rate))];
        float[] resampled = new WavFile(from, Tone(from)).Resampled(to), wanted = Tone(to);
        Assert.HasCount(wanted.Length, resampled);
        // The ends lack what would have come before and after.
        for (int i = 100; i < wanted.Length - 100; i++)
            Assert.AreEqual(wanted[i], resampled[i], 5e-3);
    }

    [TestMethod]
    public void Tones_that_the_new_rate_cannot_hold_are_gone()
    {
        float[] high = [.. Enumerable.Range(0, 4800).Select(i => MathF.Sin(2 * MathF.PI * 12000 * i / 48000))];
        float[] resampled = new WavFile(48000, high).Resampled(16000);
        Assert.IsLessThan(0.02, resampled[100..^100].Max(MathF.Abs));
    }

    private static byte[] Wav(
        int bits, int coding, byte[] data, string kind = "RIFF", uint? dataLength = null, long? ds64 = null, byte[]? after = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Encoding.ASCII.GetBytes(kind));
        writer.Write(uint.MaxValue);
        writer.Write("WAVE"u8);
        if (ds64 is { } length)
        {
            writer.Write("ds64"u8);
            writer.Write(28);
            writer.Write(0L);
            writer.Write(length);
            writer.Write(new byte[12]);
        }

        writer.Write("fmt "u8);
        writer.Write(16);
        writer.Write((short)coding);
        writer.Write((short)1);
        writer.Write(16000);
        writer.Write(16000 * bits / 8);
        writer.Write((short)(bits / 8));
        writer.Write((short)bits);
        writer.Write("LIST"u8);
        writer.Write(5);
        writer.Write(new byte[6]);
        writer.Write("data"u8);
        writer.Write(dataLength ?? (uint)data.Length);
        writer.Write(data);
        writer.Write(after ?? []);
        return stream.ToArray();
    }
}
