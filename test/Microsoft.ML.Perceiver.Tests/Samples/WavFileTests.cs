using VideoAutoencoder;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>The audio that samples/VideoAutoencoder reads, and how it meets the images.</summary>
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
    public void Other_codings_are_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.wav");
        new WavFile(16000, [0, 0.5f]).Write(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[20] = 3;
        File.WriteAllBytes(path, bytes);
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => WavFile.Read(path)).Message, "16-bit PCM");
    }

    [TestMethod]
    [DataRow(48000, 16000)]
    [DataRow(8000, 16000)]
    [DataRow(44100, 16000)]
    public void A_tone_is_the_same_tone_at_another_rate(int from, int to)
    {
        float[] Tone(int rate) => [.. Enumerable.Range(0, rate / 10).Select(i => 0.5f * MathF.Sin(2 * MathF.PI * 440 * i / rate))];
        float[] resampled = new WavFile(from, Tone(from)).Resampled(to).Samples, wanted = Tone(to);
        Assert.HasCount(wanted.Length, resampled);
        // The ends lack what would have come before and after.
        for (int i = 100; i < wanted.Length - 100; i++)
            Assert.AreEqual(wanted[i], resampled[i], 5e-3);
    }

    [TestMethod]
    public void Tones_that_the_new_rate_cannot_hold_are_gone()
    {
        float[] high = [.. Enumerable.Range(0, 4800).Select(i => MathF.Sin(2 * MathF.PI * 12000 * i / 48000))];
        float[] resampled = new WavFile(48000, high).Resampled(16000).Samples;
        Assert.IsLessThan(0.02, resampled[100..^100].Max(MathF.Abs));
    }

    [TestMethod]
    public void A_film_is_as_long_as_its_pictures_and_its_sound_both_are()
    {
        byte[][] frames = [.. Enumerable.Range(0, 20).Select(_ => new byte[3])];
        var notes = new List<string>();
        var film = Film.Of(1, 25, frames, new WavFile(16000, new float[18 * 640 + 5]), 640, 16, notes.Add);
        Assert.HasCount(18, film.Frames);
        Assert.HasCount(18 * 640, film.Audio);
        StringAssert.Contains(notes.Single(), "18 frames have both");
    }

    [TestMethod]
    [DataRow(15, 32000, "15 frames")]
    [DataRow(20, 0, "0 samples")]
    [DataRow(20, 15 * 640, "9600 samples")]
    public void Less_than_a_window_is_refused(int frames, int samples, string message)
    {
        byte[][] images = [.. Enumerable.Range(0, frames).Select(_ => new byte[3])];
        var audio = new WavFile(16000, new float[samples]);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Film.Of(1, 25, images, audio, 640, 16, _ => { })).Message, message);
    }
}
