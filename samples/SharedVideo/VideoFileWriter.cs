using OpenCvSharp;

namespace Samples;

/// <summary>
/// Writes a video as MPEG-4. What cannot be written is refused when it is opened, before any frame is computed, and what was written is
/// opened again: OpenCV says nothing when a frame fails. Frames of an odd width or height get their last column or row twice, as MPEG-4
/// has colours for pairs of pixels.
/// </summary>
internal sealed class VideoFileWriter : IDisposable
{
    // Of the MPEG-4 encoder in OpenCV's package.
    private const int LeastWidth = 17, MostSide = 8191;
    private readonly string _path, _unfinished;
    private readonly Size _size;
    private readonly double _rate;
    private readonly VideoWriter _writer;
    private int _written;

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file, MP4 or another container.</param>
    /// <param name="rate">Frames a second; the nearest rate that the file can hold is written.</param>
    /// <param name="width">The width of its frames.</param>
    /// <param name="height">The height of its frames.</param>
    /// <exception cref="IOException">There can be no such file.</exception>
    public VideoFileWriter(string path, double rate, int width, int height)
    {
        _path = path;
        _rate = VideoRate.Writable(rate);
        _size = new Size(width + width % 2, height + height % 2);
        if (width < LeastWidth || height < 1 || _size.Width > MostSide || _size.Height > MostSide)
        {
            throw new IOException(
                $"The video '{path}' would have frames of {width} x {height} pixels; MPEG-4 holds {LeastWidth} x 1 to "
                + $"{MostSide - 1} x {MostSide - 1}. Scale the video first, e.g. ffmpeg -i FILE -vf scale=640:-2 NEW.mp4.");
        }

        // Beside the file, which stands as it was until this one is whole.
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _unfinished = Path.Combine(folder, $"unfinished-{Environment.ProcessId}-{Path.GetFileName(path)}");
        _writer = new VideoWriter(_unfinished, FourCC.FromString("mp4v"), _rate, _size);
        if (_writer.IsOpened())
            return;
        _writer.Dispose();
        throw new IOException($"The video '{path}' cannot be written.");
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="frame">The frame, blue before green and red.</param>
    public void Write(Mat frame)
    {
        using var even = frame.CopyMakeBorder(
            0, _size.Height - frame.Height, 0, _size.Width - frame.Width, BorderTypes.Replicate);
        _writer.Write(even);
        _written++;
    }

    /// <summary>Ends the file.</summary>
    /// <exception cref="IOException">It has no frames, or not those that were written.</exception>
    public void Finish()
    {
        _writer.Release();
        if (!IsWhole())
            throw new IOException($"The {_written} frames of '{_path}' could not be written; is the disk full?");
        File.Move(_unfinished, _path, overwrite: true);
    }

    /// <summary>Closes the file, and deletes it where it was not finished.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        File.Delete(_unfinished);
    }

    private bool IsWhole()
    {
        if (_written == 0)
            return false;
        using var video = new VideoCapture(_unfinished);
        return video.IsOpened() && video.FrameCount == _written && video.Grab()
            && Math.Abs(video.Fps - _rate) <= 0.001 && video.FrameWidth == _size.Width && video.FrameHeight == _size.Height;
    }
}
