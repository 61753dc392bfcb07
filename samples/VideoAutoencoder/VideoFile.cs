using System.Runtime.InteropServices;
using OpenCvSharp;

namespace VideoAutoencoder;

/// <summary>Images of video files, without their audio, which OpenCV does not read.</summary>
internal static class VideoFile
{
    /// <summary>Reads the middle square of each frame at the model's size.</summary>
    /// <param name="path">The video, or numbered images as OpenCV names them, e.g. frame_%02d.png.</param>
    /// <param name="side">Height and width of the frames.</param>
    /// <param name="most">How many frames are read at most.</param>
    /// <returns>Frames a second, and the frames, each 3 x height x width.</returns>
    /// <exception cref="IOException">The video cannot be read.</exception>
    public static (double FrameRate, List<byte[]> Frames) Read(string path, int side, int most)
    {
        if (!path.Contains('%', StringComparison.Ordinal) && !File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        using var video = new VideoCapture(path);
        if (!video.IsOpened() || video.FrameWidth <= 0)
            throw new IOException($"'{path}' is no video that OpenCV can read.");
        var frames = new List<byte[]>();
        using var frame = new Mat();
        while (frames.Count < most && video.Read(frame) && !frame.Empty())
            frames.Add(Planes(frame, side));
        return (video.Fps > 0 ? video.Fps : 25, frames);
    }

    /// <summary>Writes the frames beside what became of them, as MP4.</summary>
    /// <exception cref="IOException">The video cannot be written.</exception>
    public static void Write(string path, double frameRate, IEnumerable<(byte[] Original, byte[] Result)> frames, int side)
    {
        const int enlarged = 4;
        var size = new Size(2 * enlarged * side, enlarged * side);
        using var writer = new VideoWriter(path, FourCC.FromString("mp4v"), frameRate, size);
        if (!writer.IsOpened())
            throw new IOException($"The video '{path}' cannot be written.");
        foreach (var (original, result) in frames)
        {
            using var left = ToMat(original, side);
            using var right = ToMat(result, side);
            using var both = new Mat();
            Cv2.HConcat([left, right], both);
            using var large = both.Resize(size, interpolation: InterpolationFlags.Cubic);
            writer.Write(large);
        }
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
