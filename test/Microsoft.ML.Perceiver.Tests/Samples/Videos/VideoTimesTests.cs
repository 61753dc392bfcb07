using Samples;
using VideoAutoencoder;

namespace Microsoft.ML.Perceiver.Tests.Samples.Videos;

/// <summary>Time stamps of frames, and what they are worth beside the audio.</summary>
[TestClass]
public sealed class VideoTimesTests
{
    private const int Side = 32;

    [TestMethod]
    [DataRow(25)]
    [DataRow(0.5)]
    [DataRow(23.976)]
    [DataRow(211.22)]
    public void Frames_of_a_constant_rate_are_shown_once_each(double rate)
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder["a.mp4"], rate, 64, 48, 20);
        var times = VideoTimes.Read(folder["a.mp4"], most: 100);
        Assert.AreEqual(rate, times.Rate, 1e-9);
        CollectionAssert.AreEqual(Enumerable.Repeat(1, 20).ToArray(), times.Shown);
        Assert.HasCount(7, VideoTimes.Read(folder["a.mp4"], most: 7).Shown);
    }

    [TestMethod]
    public void Frames_of_a_variable_rate_are_where_their_time_stamps_are()
    {
        using var folder = new TemporaryFolder();
        // 1 s at 10 frames a second, then 3 s at a third of that.
        int[] durations = [.. Enumerable.Repeat(1, 10), .. Enumerable.Repeat(3, 10)];
        TestVideo.Write(folder["a.mp4"], 10, 64, 48, durations.Length);
        TestVideo.SetDurations(folder["a.mp4"], durations);
        var notes = new List<string>();
        var (rate, frames) = VideoFile.Read(folder["a.mp4"], Side, most: 100, notes.Add);
        StringAssert.Contains(notes.Single(), "irregular times");
        // From the first frame to the last they take 0.1 s x (10 + 9 x 3) = 3.7 s.
        Assert.AreEqual(19 / 3.7, rate, 1e-6);
        Assert.HasCount(20, frames);
        for (int i = 0; i < frames.Count; i++)
        {
            double second = i / rate;
            double expected = second < 1 ? second / 0.1 : 10 + (second - 1) / 0.3;
            // Frame n has the grey 10 n; the grid's steps are 1.95 frames long in the first part.
            Assert.AreEqual(expected, frames[i][0] / 10.0, 1.3, $"at {second} s");
        }
    }

    [TestMethod]
    public void Audio_meets_the_frame_that_is_shown_at_its_time()
    {
        using var folder = new TemporaryFolder();
        const int audioRate = 8000, samplesPerFrame = 100, flash = 15;
        int[] durations = [.. Enumerable.Repeat(1, 10), .. Enumerable.Repeat(3, 10)];
        TestVideo.Write(folder["a.mp4"], 10, 64, 48, durations.Length);
        TestVideo.SetDurations(folder["a.mp4"], durations);
        // A tone as long as frame 15 is shown.
        double begin = durations[..flash].Sum() / 10.0, end = begin + 0.3;
        var audio = new WavFile(audioRate, [.. Enumerable.Range(0, 4 * audioRate).Select(i =>
            i >= begin * audioRate && i < end * audioRate ? 0.5f * MathF.Sin(2 * MathF.PI * 60 * i / audioRate) : 0)]);
        var (rate, frames) = VideoFile.Read(folder["a.mp4"], Side, most: 100, _ => { });
        var film = Film.Of(Side, rate, frames, audio, samplesPerFrame, 4, _ => { });
        int[] loud = [.. Enumerable.Range(0, film.Frames.Count).OrderByDescending(f =>
            film.Audio.Skip(f * samplesPerFrame).Take(samplesPerFrame).Sum(s => s * s))];
        double[] shown = [.. film.Frames.Select(f => f[0] / 10.0)];
        Assert.AreEqual(flash, shown[loud[0]], 0.6);
    }

    [TestMethod]
    public void A_rate_that_the_file_states_wrongly_is_measured()
    {
        double[] thirty = [.. Enumerable.Range(0, 40).Select(i => Math.Round(1000 * i / 30.0) / 1000)];
        foreach (double stated in (double[])[1000, 90000, double.NaN, 0, -1])
        {
            var times = VideoTimes.Of(stated, thirty);
            Assert.AreEqual(30, times.Rate, 0.01);
            Assert.IsTrue(times.IsRegular);
        }
    }

    [TestMethod]
    public void Without_time_stamps_the_stated_rate_counts()
    {
        Assert.AreEqual((12, true), (VideoTimes.Of(12, new double[20]).Rate, VideoTimes.Of(12, new double[20]).IsRegular));
        Assert.AreEqual(25, VideoTimes.Of(double.NaN, new double[20]).Rate);
        Assert.AreEqual(12, VideoTimes.Of(12, [0, 0.3, 0.1, 0.2]).Rate);
        Assert.HasCount(1, VideoTimes.Of(12, [7]).Shown);
        Assert.IsEmpty(VideoTimes.Of(12, []).Shown);
    }

    [TestMethod]
    public void Rounded_time_stamps_are_regular()
    {
        double[] milliseconds = [.. Enumerable.Range(0, 500).Select(i => Math.Round(1000 * i / 59.94) / 1000)];
        var times = VideoTimes.Of(59.94, milliseconds);
        Assert.AreEqual((59.94, true), (times.Rate, times.IsRegular));
    }

    [TestMethod]
    public void As_many_frames_fill_the_same_time()
    {
        // A pause of 10 s in a recording of 25 frames a second.
        double[] seconds = [.. Enumerable.Range(0, 50).Select(i => i / 25.0 + (i < 25 ? 0 : 10))];
        var times = VideoTimes.Of(25, seconds);
        Assert.AreEqual(50, times.Shown.Sum());
        Assert.AreEqual(49 / seconds[^1], times.Rate, 1e-9);
        Assert.IsGreaterThan(40, times.Shown[24]);
    }

    [TestMethod]
    public void What_is_no_video_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<FileNotFoundException>(() => VideoTimes.Read(folder["none.mp4"], 10));
        File.WriteAllText(folder["a.mp4"], "<html>no video</html>");
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => VideoTimes.Read(folder["a.mp4"], 10)).Message, "no video");
    }
}
