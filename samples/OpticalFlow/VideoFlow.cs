using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Transforms.Image;
using OpenCvSharp;
using Samples;

namespace OpticalFlow;

/// <summary>A video beside its flow, as a video.</summary>
internal static class VideoFlow
{
    /// <summary>The columns of pairs of frames without rows: a pipeline without training needs no more.</summary>
    public static IDataView NoPairs(MLContext mlContext) => mlContext.Data.LoadFromEnumerable(Array.Empty<FramePair>());

    /// <summary>Reads a video frame by frame, and writes each beside the flow to the next one.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model, on the columns FirstImage and SecondImage.</param>
    /// <param name="input">The video.</param>
    /// <param name="output">The video that is written, as MP4.</param>
    /// <param name="mostFrames">How many frames are read at most.</param>
    /// <param name="maxMotion">The motion in pixels that has the full colour, the same in all frames.</param>
    /// <param name="progress">Told the number of each frame that is done.</param>
    /// <returns>How many frames have flow.</returns>
    /// <exception cref="IOException">The video cannot be read or written.</exception>
    /// <exception cref="FormatException">It has fewer than two frames.</exception>
    public static int Write(
        MLContext mlContext,
        ITransformer model,
        string input,
        string output,
        int mostFrames,
        double maxMotion,
        Action<int> progress)
    {
        if (mostFrames < 2)
            throw new ArgumentException($"Flow is between two frames; --frames {mostFrames} reads fewer.");
        var times = VideoTimes.Read(input, mostFrames);
        if (times.Shown.Length < 2)
            throw new FormatException($"Flow is between two frames; '{input}' has {times.Shown.Length} that can be read.");
        using var video = VideoTimes.Open(input);
        var size = new Size(2 * video.FrameWidth, video.FrameHeight);
        using var writer = new VideoFileWriter(output, times.Rate, size.Width, size.Height);
        // Read while the cursor goes on, once, so that a video of any length takes the memory of a few frames.
        var pairs = mlContext.Data.LoadFromEnumerable(Pairs(video, mostFrames));
        var scored = model.Transform(pairs);
        using var cursor = scored.GetRowCursor(scored.Schema);
        var frame = cursor.GetGetter<MLImage>(scored.Schema["FirstImage"]);
        var flow = cursor.GetGetter<VBuffer<float>>(scored.Schema["Flow"]);
        MLImage image = null!;
        VBuffer<float> motions = default;
        int written = 0;
        while (cursor.MoveNext())
        {
            frame(ref image);
            flow(ref motions);
            var field = new PerceiverFlowField(image.Height, image.Width, motions.DenseValues().ToArray());
            using var painted = FlowPicture.Paint(field, maxMotion).ToMLImage();
            using var both = new Mat(size, MatType.CV_8UC3);
            using var left = ToMat(image);
            using var right = ToMat(painted);
            left.CopyTo(both[new Rect(0, 0, image.Width, image.Height)]);
            right.CopyTo(both[new Rect(image.Width, 0, image.Width, image.Height)]);
            // As long as the frame is shown in the video, whatever its rate does.
            for (int i = 0; i < times.Shown[written]; i++)
                writer.Write(both);
            image.Dispose();
            progress(++written);
        }

        writer.Finish();
        return written;
    }

    private static IEnumerable<FramePair> Pairs(VideoCapture video, int mostFrames)
    {
        MLImage? last = null;
        using var frame = new Mat();
        for (int i = 0; i < mostFrames && video.Read(frame) && !frame.Empty(); i++)
        {
            using var colours = frame.CvtColor(ColorConversionCodes.BGR2BGRA);
            int height = colours.Rows, width = colours.Cols, row = width * 4;
            byte[] pixels = new byte[height * row];
            for (int y = 0; y < height; y++)
                Marshal.Copy(colours.Ptr(y), pixels, y * row, row);
            var next = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
            if (last is not null)
                yield return new FramePair { FirstImage = last, SecondImage = next };
            last?.Dispose();
            last = next;
        }

        last?.Dispose();
    }

    private static Mat ToMat(MLImage image)
    {
        using var colours = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Pixels.ToArray());
        return colours.CvtColor(ColorConversionCodes.BGRA2BGR);
    }

    private sealed class FramePair
    {
        [ImageType(1, 1)]
        public MLImage? FirstImage { get; set; }

        [ImageType(1, 1)]
        public MLImage? SecondImage { get; set; }
    }
}
