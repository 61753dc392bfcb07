using VideoAutoencoder;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>How audio meets the images in samples/VideoAutoencoder.</summary>
[TestClass]
public sealed class FilmTests
{
    [TestMethod]
    public void A_frame_rate_that_gives_no_whole_audio_rate_is_resampled_without_drift()
    {
        const double frameRate = 24000 / 1001.0;
        const int seconds = 30;
        byte[][] frames = [.. Enumerable.Range(0, (int)(seconds * frameRate)).Select(_ => new byte[3])];
        var audio = new WavFile(8000, [.. Enumerable.Range(0, seconds * 8000).Select(i => MathF.Sin(2 * MathF.PI * 50 * i / 8000))]);
        var film = Film.Of(1, frameRate, frames, audio, 64, 16, _ => { });
        Assert.HasCount(frames.Length, film.Frames);
        for (int i = film.Audio.Length - 2000; i < film.Audio.Length - 1000; i++)
            Assert.AreEqual(MathF.Sin((float)(2 * Math.PI * 50 * i / (frameRate * 64) % (2 * Math.PI))), film.Audio[i], 0.01);
    }

    [TestMethod]
    [DataRow(1.5)]
    [DataRow(-1.5)]
    [DataRow(0)]
    public void Audio_may_begin_later_or_earlier_than_the_images(double start)
    {
        const int rate = 8000;
        var audio = new WavFile(rate, [.. Enumerable.Range(0, 4 * rate).Select(i => (float)(1 + i))]);
        var moved = audio.StartingAt(start);
        Assert.AreEqual(4 * rate + (long)(start * rate), moved.Length);
        Assert.AreEqual(start > 0 ? 0 : 1 - start * rate, moved.Samples[0]);
        // Sample n of the file stands where the video's time is its own.
        Assert.AreEqual(15001, moved.Samples[(int)(15000 + start * rate)]);
        Assert.AreEqual(4 * rate, moved.Samples[^1]);
    }

    [TestMethod]
    public void A_film_is_as_long_as_its_images_and_its_audio_both_are()
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
    [DataRow(1, 32000, "1 frame;")]
    [DataRow(0, 32000, "0 frames")]
    [DataRow(20, 0, "0 samples")]
    [DataRow(20, 15 * 640, "9600 samples")]
    public void Less_than_a_window_is_refused(int frames, int samples, string message)
    {
        byte[][] images = [.. Enumerable.Range(0, frames).Select(_ => new byte[3])];
        var audio = new WavFile(16000, new float[samples]);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Film.Of(1, 25, images, audio, 640, 16, _ => { })).Message, message);
    }

    [TestMethod]
    [DataRow(0.011)]
    [DataRow(0)]
    [DataRow(-25)]
    [DataRow(double.NaN)]
    public void A_frame_rate_that_no_audio_has_is_refused(double frameRate)
    {
        byte[][] images = [.. Enumerable.Range(0, 20).Select(_ => new byte[3])];
        var audio = new WavFile(16000, new float[16000]);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidDataException>(() => Film.Of(1, frameRate, images, audio, 640, 16, _ => { })).Message,
            "-r 25");
    }
}
