using Microsoft.ML.Perceiver.Tests.Heads;
using OpenCvSharp;
using OpticalFlow;

namespace Microsoft.ML.Perceiver.Tests.Samples.Videos;

/// <summary>The video that samples/OpticalFlow writes: each frame beside its flow.</summary>
[TestClass]
public sealed class FlowVideoTests
{
    // Far enough apart for a lossy coding to keep them apart.
    private const int GreyStep = 20;
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(25, 48, 36, 48)]
    [DataRow(0.5, 47, 35, 47)]
    [DataRow(105611 / 500.0, 32, 24, 32)]
    public void It_has_the_rate_and_every_row_of_the_video(double rate, int width, int height, int frameWidth)
    {
        using var folder = new TemporaryFolder();
        string input = folder["a.avi"], output = folder["flow.mp4"];
        int evenWidth = width + width % 2, evenHeight = height + height % 2;
        TestVideo.Write(input, rate, width, height, 6);
        Assert.AreEqual(5, Write(input, output));
        var read = TestVideo.Read(output);
        Assert.AreEqual(rate, read.Rate, 0.003);
        Assert.AreEqual((2 * evenWidth, evenHeight), (read.Width, read.Height));
        Assert.HasCount(5, read.Greys);
        Assert.IsGreaterThanOrEqualTo(frameWidth, read.Width / 2);
    }

    [TestMethod]
    public void Its_left_side_is_the_video_frame_by_frame()
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder["a.mp4"], 25, 48, 36, 12, GreyStep);
        Write(folder["a.mp4"], folder["flow.mp4"]);
        CollectionAssert.AreEqual(Enumerable.Range(0, 11).ToArray(), LeftNumbers(folder["flow.mp4"]));
    }

    [TestMethod]
    public void Its_frames_last_as_long_as_those_of_the_video()
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder["a.mp4"], 10, 48, 36, 6, GreyStep);
        TestVideo.SetDurations(folder["a.mp4"], [1, 1, 1, 3, 3, 1]);
        Assert.AreEqual(5, Write(folder["a.mp4"], folder["flow.mp4"]));
        // 0.9 s in five steps, whose middles are at 0.09, 0.27, 0.45, 0.63 and 0.81 s. Frames 1 to 5 begin at 0.1, 0.2, 0.3, 0.6 and 0.9 s.
        CollectionAssert.AreEqual(new[] { 0, 2, 3, 4, 4 }, LeftNumbers(folder["flow.mp4"]));
        Assert.AreEqual(5 / 0.9, TestVideo.Read(folder["flow.mp4"]).Rate, 1e-3);
    }

    [TestMethod]
    public void Fewer_than_two_frames_are_refused_before_the_work()
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder["a.mp4"], 25, 48, 36, 1);
        var one = Assert.ThrowsExactly<FormatException>(() => Write(folder["a.mp4"], folder["flow.mp4"]));
        StringAssert.Contains(one.Message, "has 1 that can be read");
        TestVideo.Write(folder["a.mp4"], 25, 48, 36, 4);
        foreach (int most in (int[])[1, 0, -1])
        {
            var few = Assert.ThrowsExactly<ArgumentException>(() => Write(folder["a.mp4"], folder["flow.mp4"], most));
            StringAssert.Contains(few.Message, $"--frames {most}");
        }

        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    private int Write(string input, string output, int mostFrames = 100)
    {
        using var model = _ml.Transforms.PerceiverOpticalFlow(TinyFlow.Checkpoint).Fit(VideoFlow.NoPairs(_ml));
        return VideoFlow.Write(_ml, model, input, output, mostFrames, maxMotion: 10, _ => { });
    }

    private static int[] LeftNumbers(string path)
    {
        using var video = Open(path);
        using var frame = new Mat();
        var numbers = new List<int>();
        while (video.Read(frame) && !frame.Empty())
            numbers.Add((int)Math.Round(Cv2.Mean(frame.ColRange(0, 40)).Val0 / GreyStep));
        return [.. numbers];
    }

    private static VideoCapture Open(string path) => global::Samples.VideoTimes.Open(path);
}
