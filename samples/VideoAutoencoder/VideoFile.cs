using System.Runtime.InteropServices;
using OpenCvSharp;
using Samples;

namespace VideoAutoencoder;

/// <summary>Images of video files, without their audio, which OpenCV does not read.</summary>
internal static class VideoFile
{
    // Written frames are larger than those of the model.
    private const int Enlarged = 4;

    /// <summary>Reads the middle square of each frame at the model's size.</summary>
    /// <param name="path">The video, or numbered images as OpenCV names them, e.g. frame_%02d.png.</param>
    /// <param name="side">Height and width of the frames.</param>
    /// <param name="most">How many frames are read at most.</param>
    /// <param name="note">Told that the frames come at irregular times.</param>
    /// <returns>Frames a second, and the frames, each 3 x height x width; as many a second from beginning to end.</returns>
    /// <exception cref="IOException">The video cannot be read.</exception>
    public static (double FrameRate, List<byte[]> Frames) Read(string path, int side, int most, Action<string> note)
    {
        var times = VideoTimes.Read(path, most);
        if (!times.IsRegular)
            note($"The frames come at irregular times; by these they are spread over {times.Rate:f3} frames a second.");
        using var video = VideoTimes.Open(path);
        var frames = new List<byte[]>();
        using var frame = new Mat();
        foreach (int shown in times.Shown)
        {
            if (!video.Read(frame) || frame.Empty())
                break;
            if (shown > 0)
                frames.AddRange(Enumerable.Repeat(Planes(frame, side), shown));
        }

        return (times.Rate, frames);
    }

    /// <summary>Begins an MP4 of frames beside what became of them.</summary>
    /// <exception cref="IOException">The video cannot be written.</exception>
    public static VideoFileWriter Create(string path, double frameRate, int side) =>
        new(path, frameRate, 2 * Enlarged * side, Enlarged * side);

    /// <summary>Writes the frames beside what became of them, and ends the file.</summary>
    /// <exception cref="IOException">The video cannot be written.</exception>
    public static void Write(VideoFileWriter writer, IEnumerable<(byte[] Original, byte[] Result)> frames, int side)
    {
        var size = new Size(2 * Enlarged * side, Enlarged * side);
        foreach (var (original, result) in frames)
        {
            using var left = ToMat(original, side);
            using var right = ToMat(result, side);
            using var both = new Mat();
            Cv2.HConcat([left, right], both);
            using var large = both.Resize(size, interpolation: InterpolationFlags.Cubic);
            writer.Write(large);
        }

        writer.Finish();
    }

    private static byte[] Planes(Mat frame, int side)
    {
        int square = Math.Min(frame.Width, frame.Height);
        using var middle = frame[new Rect((frame.Width - square) / 2, (frame.Height - square) / 2, square, square)];
        var interpolation = square > side ? InterpolationFlags.Area : InterpolationFlags.Cubic;
        using var small = middle.Resize(new Size(side, side), interpolation: interpolation);
        int points = side * side;
        byte[] pixels = new byte[3 * points], planes = new byte[3 * points];
        for (int y = 0; y < side; y++)
            Marshal.Copy(small.Ptr(y), pixels, y * 3 * side, 3 * side);
        for (int i = 0; i < points; i++)
        {
            for (int c = 0; c < 3; c++)
                planes[c * points + i] = pixels[3 * i + 2 - c];
        }

        return planes;
    }

    private static Mat ToMat(byte[] planes, int side)
    {
        int points = side * side;
        byte[] pixels = new byte[3 * points];
        for (int i = 0; i < points; i++)
        {
            for (int c = 0; c < 3; c++)
                pixels[3 * i + 2 - c] = planes[c * points + i];
        }

        using var mat = Mat.FromPixelData(side, side, MatType.CV_8UC3, pixels);
        return mat.Clone();
    }
}
