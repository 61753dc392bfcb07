using OpenCvSharp;

namespace Samples;

/// <summary>
/// When the frames of a video are shown. Frames whose times are irregular (phones, screen recordings) are put on a grid of their mean
/// rate: as many frames in the same time, some of them repeated and others left out.
/// </summary>
/// <param name="Rate">Frames a second.</param>
/// <param name="Shown">How many frames of that rate each frame is shown for: 1 everywhere where the rate is constant.</param>
internal sealed record VideoTimes(double Rate, int[] Shown)
{
    // Numbered images and streams without times of their own are read at this rate.
    private const double UsualRate = 25;

    /// <summary>Whether every frame is shown as long as every other.</summary>
    public bool IsRegular => Shown.All(s => s == 1);

    /// <summary>Opens a video.</summary>
    /// <param name="path">The file, or numbered images as OpenCV names them, e.g. frame_%02d.png.</param>
    /// <exception cref="IOException">The video cannot be read.</exception>
    public static VideoCapture Open(string path)
    {
        if (!path.Contains('%', StringComparison.Ordinal) && !File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        var video = new VideoCapture(path);
        if (video.IsOpened() && video.FrameWidth > 0)
            return video;
        video.Dispose();
        throw new IOException($"'{path}' is no video that OpenCV can read.");
    }

    /// <summary>Reads the times of a video's frames, without converting the frames to images.</summary>
    /// <param name="path">The file, or numbered images as OpenCV names them.</param>
    /// <param name="most">How many frames are read at most.</param>
    /// <exception cref="IOException">The video cannot be read.</exception>
    public static VideoTimes Read(string path, int most)
    {
        using var video = Open(path);
        var seconds = new List<double>();
        while (seconds.Count < most && video.Grab())
            seconds.Add(video.Get(VideoCaptureProperties.PosMsec) / 1000);
        return Of(video.Fps, seconds);
    }

    /// <summary>The times of frames.</summary>
    /// <param name="statedRate">The rate that the file states; it may be no number, 0, or that of another part of the video.</param>
    /// <param name="seconds">The time stamp of each frame.</param>
    public static VideoTimes Of(double statedRate, IReadOnlyList<double> seconds)
    {
        bool isStated = double.IsFinite(statedRate) && statedRate > 0;
        double rate = isStated ? statedRate : UsualRate;
        int[] once = [.. Enumerable.Repeat(1, seconds.Count)];
        // Streams without time stamps have 0 everywhere, and broken ones go back: nothing but the rate is known of these.
        if (seconds.Count < 2 || !(seconds[^1] > seconds[0]) || !seconds.Zip(seconds.Skip(1), (a, b) => a <= b).All(inOrder => inOrder))
            return new VideoTimes(rate, once);
        double first = seconds[0];
        bool asStated = seconds.Select((s, i) => Math.Abs((s - first) * rate - i)).All(distance => distance <= 0.5);
        if (isStated && asStated)
            return new VideoTimes(rate, once);
        double mean = (seconds.Count - 1) / (seconds[^1] - first);
        // A frame is shown from the first place of the grid whose middle is not before the frame's beginning.
        int[] places = [.. seconds.Select(s => (int)Math.Floor((s - first) * mean + 0.5))];
        int[] shown = [.. places.Select((place, i) => i + 1 < places.Length ? places[i + 1] - place : 1)];
        return new VideoTimes(mean, shown);
    }
}
