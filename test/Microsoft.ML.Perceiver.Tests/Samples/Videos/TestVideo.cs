using System.Buffers.Binary;
using OpenCvSharp;
using Samples;

namespace Microsoft.ML.Perceiver.Tests.Samples.Videos;

/// <summary>Videos that tests make, and read again.</summary>
internal static class TestVideo
{
    /// <summary>Writes frames of one grey each, as bright as a multiple of their number.</summary>
    internal static void Write(string path, double rate, int width, int height, int frames, int greyStep = 10)
    {
        using var writer = new VideoFileWriter(path, rate, width, height);
        for (int i = 0; i < frames; i++)
        {
            using var frame = new Mat(height, width, MatType.CV_8UC3, Scalar.All(greyStep * i));
            writer.Write(frame);
        }

        writer.Finish();
    }

    /// <summary>What a player finds: the stated rate and size, and the mean brightness of each frame.</summary>
    internal static (double Rate, int Width, int Height, double[] Greys) Read(string path)
    {
        using var video = VideoTimes.Open(path);
        using var frame = new Mat();
        var greys = new List<double>();
        while (video.Read(frame) && !frame.Empty())
            greys.Add(Cv2.Mean(frame).Val0);
        return (video.Fps, video.FrameWidth, video.FrameHeight, [.. greys]);
    }

    /// <summary>Gives the frames of an MP4 durations of their own, as phones and screen recorders write them.</summary>
    /// <param name="path">The file, of a constant rate.</param>
    /// <param name="durations">The duration of each frame, in those of before.</param>
    internal static void SetDurations(string path, IReadOnlyList<int> durations)
    {
        List<byte> file = [.. File.ReadAllBytes(path)];
        // The list of edits would cut off what lasts longer than before.
        int edits = Find(file, "edts"u8);
        file.RemoveRange(edits, 4);
        file.InsertRange(edits, "free"u8.ToArray());
        int times = Find(file, "stts"u8), old = ReadInt(file, times - 4), tick = ReadInt(file, times + 16);
        var table = new List<byte>();
        foreach (int value in (int[])[0, durations.Count, .. durations.SelectMany(d => new[] { 1, d * tick })])
            table.AddRange(Bytes(value));
        file.RemoveRange(times + 4, old - 8);
        file.InsertRange(times + 4, table);
        int grown = 8 + table.Count - old;
        // The boxes around it grow too; the frames themselves stand before all of these.
        foreach (string box in (string[])["stts", "stbl", "minf", "mdia", "trak", "moov"])
        {
            int at = Find(file, System.Text.Encoding.ASCII.GetBytes(box)) - 4;
            byte[] size = Bytes(ReadInt(file, at) + grown);
            for (int i = 0; i < size.Length; i++)
                file[at + i] = size[i];
        }

        File.WriteAllBytes(path, [.. file]);
    }

    private static int Find(List<byte> file, ReadOnlySpan<byte> name)
    {
        int at = file.ToArray().AsSpan().LastIndexOf(name);
        Assert.IsGreaterThan(0, at);
        return at;
    }

    private static int ReadInt(List<byte> file, int at) => BinaryPrimitives.ReadInt32BigEndian([.. file.GetRange(at, 4)]);

    private static byte[] Bytes(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
