using OpenCvSharp;
using Samples;

namespace Microsoft.ML.Perceiver.Tests.Samples.Videos;

/// <summary>What the samples write as videos, read again; what cannot be written is refused before the first frame.</summary>
[TestClass]
public sealed class VideoFileWriterTests
{
    [TestMethod]
    [DataRow(25, 25)]
    [DataRow(0.5, 0.5)]
    [DataRow(0.1, 0.1)]
    [DataRow(1 / 3.0, 0.333)]
    [DataRow(1 / 6.0, 0.167)]
    [DataRow(24000 / 1001.0, 23.976)]
    [DataRow(30000 / 1001.0, 29.97)]
    [DataRow(59.94, 59.94)]
    [DataRow(105611 / 500.0, 211.22)]
    [DataRow(655.3549, 655.35)]
    [DataRow(1000, 1000)]
    [DataRow(1000.5, 1000.5)]
    [DataRow(12345.678, 12346)]
    [DataRow(65535, 65535)]
    public void A_rate_is_written_as_near_as_the_file_can_hold_it(double rate, double written)
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.mp4"];
        TestVideo.Write(path, rate, 64, 48, 5);
        var read = TestVideo.Read(path);
        Assert.AreEqual(written, read.Rate, 1e-6);
        Assert.IsLessThanOrEqualTo(0.0025, Math.Abs(read.Rate - rate) / rate);
        Assert.HasCount(5, read.Greys);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-25)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(65536)]
    [DataRow(90000)]
    [DataRow(1 / 60.0)]
    [DataRow(0.001)]
    public void A_rate_that_no_file_can_hold_is_refused_by_name(double rate)
    {
        using var folder = new TemporaryFolder();
        string message = Assert.ThrowsExactly<IOException>(() => TestVideo.Write(folder["a.mp4"], rate, 64, 48, 5)).Message;
        StringAssert.Contains(message, FormattableString.Invariant($"{rate} frames a second"));
        StringAssert.Contains(message, "-r 25");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    [DataRow(95, 63, 96, 64)]
    [DataRow(190, 63, 190, 64)]
    [DataRow(95, 64, 96, 64)]
    [DataRow(17, 1, 18, 2)]
    [DataRow(8190, 16, 8190, 16)]
    public void Odd_sizes_lose_nothing(int width, int height, int writtenWidth, int writtenHeight)
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.mp4"];
        TestVideo.Write(path, 25, width, height, 3);
        var read = TestVideo.Read(path);
        Assert.AreEqual((writtenWidth, writtenHeight, 3), (read.Width, read.Height, read.Greys.Length));
    }

    [TestMethod]
    public void The_last_row_and_column_are_there_and_repeated()
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.mp4"];
        using (var writer = new VideoFileWriter(path, 25, 95, 63))
        {
            using var frame = new Mat(63, 95, MatType.CV_8UC3, Scalar.All(0));
            // The last sixteen rows and the last sixteen columns are white.
            Cv2.Rectangle(frame, new Rect(0, 47, 95, 16), Scalar.All(255), thickness: -1);
            Cv2.Rectangle(frame, new Rect(79, 0, 16, 63), Scalar.All(255), thickness: -1);
            writer.Write(frame);
            writer.Finish();
        }

        using var video = VideoTimes.Open(path);
        using var read = new Mat();
        Assert.IsTrue(video.Read(read));
        foreach (int last in (int[])[61, 62, 63])
            Assert.IsGreaterThan(200, Mean(read, new Rect(0, last, 96, 1)));
        foreach (int last in (int[])[93, 94, 95])
            Assert.IsGreaterThan(200, Mean(read, new Rect(last, 0, 1, 64)));
        Assert.IsLessThan(50, Mean(read, new Rect(0, 0, 72, 40)));
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(2, 1)]
    [DataRow(16, 64)]
    [DataRow(8400, 16)]
    [DataRow(64, 8192)]
    public void A_size_that_MPEG4_does_not_hold_is_refused(int width, int height)
    {
        using var folder = new TemporaryFolder();
        string message = Assert.ThrowsExactly<IOException>(() => TestVideo.Write(folder["a.mp4"], 25, width, height, 1)).Message;
        StringAssert.Contains(message, $"{width} x {height} pixels");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_video_of_one_frame_is_one()
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder["a.mp4"], 25, 64, 48, 1);
        Assert.HasCount(1, TestVideo.Read(folder["a.mp4"]).Greys);
    }

    [TestMethod]
    public void What_was_not_finished_leaves_the_file_of_before()
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder["a.mp4"], 25, 64, 48, 4);
        Assert.ThrowsExactly<IOException>(() => TestVideo.Write(folder["a.mp4"], 25, 64, 48, 0));
        using (var writer = new VideoFileWriter(folder["a.mp4"], 25, 64, 48))
        {
            using var frame = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(9));
            writer.Write(frame);
        }

        Assert.HasCount(4, TestVideo.Read(folder["a.mp4"]).Greys);
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    private static double Mean(Mat image, Rect part)
    {
        using var cut = image[part];
        return Cv2.Mean(cut).Val0;
    }
}
