using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Perceiver;
using SkiaSharp;

namespace OpticalFlow;

/// <summary>Painted flow with its scale written on it.</summary>
internal static class FlowPicture
{
    private const int Channels = 4;

    /// <summary>The files that are written beside an image of flow: its numbers, and the painted true flow.</summary>
    public static (string Flow, string Truth) FilesBeside(string image) =>
        (Path.ChangeExtension(image, ".flo"), Path.ChangeExtension(image, ".truth.png"));

    /// <summary>Paints a flow, and writes on it which motion has the full colour.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="maxMotion">That motion's length in pixels, the same for all images that are compared.</param>
    public static PerceiverImage Paint(PerceiverFlowField flow, double maxMotion)
    {
        using var painted = PerceiverFlowColors.Paint(flow, maxMotion).ToMLImage();
        byte[] pixels = painted.Pixels.ToArray();
        using var bitmap = new SKBitmap(new SKImageInfo(flow.Width, flow.Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using (var canvas = new SKCanvas(bitmap))
            Write(canvas, flow, string.Create(CultureInfo.InvariantCulture, $"full colour: {maxMotion:0.##} pixels"));
        return new PerceiverImage(flow.Height, flow.Width, Channels, bitmap.Bytes) { BlueFirst = true };
    }

    private static void Write(SKCanvas canvas, PerceiverFlowField flow, string text)
    {
        using var paint = new SKPaint { IsAntialias = true, TextSize = Math.Clamp(flow.Height / 24f, 9, 28), Color = SKColors.Black };
        using var ground = new SKPaint { Color = SKColors.White };
        float margin = paint.TextSize / 3;
        float height = paint.TextSize + 2 * margin, width = paint.MeasureText(text) + 2 * margin;
        canvas.DrawRect(0, flow.Height - height, width, height, ground);
        canvas.DrawText(text, margin, flow.Height - 1.5f * margin, paint);
    }
}
