using System.Runtime.InteropServices;
using Microsoft.ML.Perceiver;
using OpenCvSharp;

namespace OpticalFlow;

/// <summary>What OpenCV finds of the same frames.</summary>
internal static class OpenCvFlow
{
    /// <summary>G. Farnebäck's polynomial expansion (2003), with OpenCV's usual settings.</summary>
    public static PerceiverFlowField Farneback(string first, string second)
    {
        using var from = Cv2.ImRead(first, ImreadModes.Grayscale);
        using var to = Cv2.ImRead(second, ImreadModes.Grayscale);
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

    private static PerceiverFlowField Read(Mat flow)
    {
        int height = flow.Rows, width = flow.Cols, row = width * PerceiverFlowField.Components;
        float[] values = new float[height * row];
        for (int y = 0; y < height; y++)
            Marshal.Copy(flow.Ptr(y), values, y * row, row);
        return new PerceiverFlowField(height, width, values);
    }
}
