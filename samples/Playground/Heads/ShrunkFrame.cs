using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Transforms.Image;

namespace Playground;

/// <summary>Shrinks frames as ML.NET's <c>ResizeImages</c> does, so that a program with that stage finds the same motion.</summary>
internal static class ShrunkFrame
{
    /// <summary>A frame with its longer side shortened to a length, where it is longer.</summary>
    public static PerceiverImage Of(PerceiverImage frame, int side)
    {
        double scale = (double)side / Math.Max(frame.Width, frame.Height);
        return scale >= 1 ? frame : Resize(frame, Scaled(frame.Width, scale), Scaled(frame.Height, scale));
    }

    private static int Scaled(int length, double scale) => Math.Max(1, (int)Math.Round(length * scale));

    private static PerceiverImage Resize(PerceiverImage frame, int width, int height)
    {
        var mlContext = new MLContext();
        using var pixels = frame.ToMLImage();
        var rows = mlContext.Data.LoadFromEnumerable([new Row { Image = pixels }]);
        var resize = mlContext.Transforms.ResizeImages(
            nameof(Row.Image), width, height, resizing: ImageResizingEstimator.ResizingKind.Fill);
        using var resized = resize.Fit(rows).Transform(rows).GetColumn<MLImage>(nameof(Row.Image)).Single();
        return resized.ToPerceiverImage();
    }

    private sealed class Row
    {
        // The size is that of no image in particular.
        [ImageType(1, 1)]
        public MLImage? Image { get; set; }
    }
}
