using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Perceiver;
using SkiaSharp;

namespace OpticalFlow;

/// <summary>Painted flow with its legend: the wheel of directions, and which motion has the full colour.</summary>
internal static class FlowPicture
{
    private const int Channels = 4;

    /// <summary>The files that are written beside an image of flow: its numbers, and the painted true flow.</summary>
    public static (string Flow, string Truth) FilesBeside(string image) =>
        (Path.ChangeExtension(image, ".flo"), Path.ChangeExtension(image, ".truth.png"));

    /// <summary>Paints a flow with its legend in the lower left corner.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="maxMotion">The length in pixels of the motion with the full colour, the same for all images that are compared.</param>
    /// <param name="caption">What the flow is; written before the scale.</param>
    public static PerceiverImage Paint(PerceiverFlowField flow, double maxMotion, string? caption = null)
    {
        using var bitmap = ToBitmap(PerceiverFlowColors.Paint(flow, maxMotion));
        string scale = string.Create(CultureInfo.InvariantCulture, $"full colour: {maxMotion:0.##} pixels");
        using (var canvas = new SKCanvas(bitmap))
            DrawLegend(canvas, flow.Height, caption is null ? scale : $"{caption}, {scale}");
        return new PerceiverImage(flow.Height, flow.Width, Channels, bitmap.Bytes) { BlueFirst = true };
    }

    private static void DrawLegend(SKCanvas canvas, int height, string text)
    {
        using var paint = new SKPaint { IsAntialias = true, TextSize = Math.Clamp(height / 24f, 9, 28), Color = SKColors.Black };
        using var ground = new SKPaint { Color = SKColors.White };
        float margin = paint.TextSize / 3, line = paint.TextSize + 2 * margin;
        using var wheel = ToBitmap(PerceiverFlowColors.PaintWheel((int)paint.TextSize));
        float top = height - Math.Max(line, wheel.Height + 2 * margin), left = wheel.Width + 2 * margin;
        canvas.DrawRect(0, top, left, height - top, ground);
        canvas.DrawBitmap(wheel, margin, top + margin);
        canvas.DrawRect(left, height - line, paint.MeasureText(text) + margin, line, ground);
        canvas.DrawText(text, left, height - 1.5f * margin, paint);
    }

    private static SKBitmap ToBitmap(PerceiverImage image)
    {
        using var painted = image.ToMLImage();
        byte[] pixels = painted.Pixels.ToArray();
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        return bitmap;
    }
}
