using System.Runtime.InteropServices;
using Microsoft.ML.Perceiver;
using OpenCvSharp;

namespace OpticalFlow;

/// <summary>What OpenCV finds of the same frames.</summary>
internal static class OpenCvFlow
{
    /// <summary>G. Farnebäck's polynomial expansion (2003), with OpenCV's usual settings.</summary>
    /// <param name="first">The file of the first frame; it is turned as the camera was held, as it is for the model.</param>
    /// <param name="second">The file of the second frame.</param>
    public static PerceiverFlowField Farneback(string first, string second)
    {
        using var from = ReadGrey(first);
        using var to = ReadGrey(second);
        using var flow = new Mat();
        Cv2.CalcOpticalFlowFarneback(
            from,
            to,
            flow,
            pyrScale: 0.5,
            levels: 5,
            winsize: 15,
            iterations: 3,
            polyN: 5,
            polySigma: 1.2,
            flags: OpticalFlowFlags.None);
        return Read(flow);
    }

    // OpenCV's own reader knows the orientation of some formats only.
    private static Mat ReadGrey(string path)
    {
        using var image = FramePictures.Read(path);
        using var colours = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Pixels.ToArray());
        return colours.CvtColor(ColorConversionCodes.BGRA2GRAY);
    }

    private static PerceiverFlowField Read(Mat flow)
    {
        int height = flow.Rows, width = flow.Cols, row = width * PerceiverFlowField.Components;
        float[] values = new float[height * row];
        for (int y = 0; y < height; y++)
            Marshal.Copy(flow.Ptr(y), values, y * row, row);
        return new PerceiverFlowField(height, width, values);
    }
}
