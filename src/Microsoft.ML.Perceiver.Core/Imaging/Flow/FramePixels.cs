namespace Microsoft.ML.Perceiver;

/// <summary>Converts frames to the numbers that flow is computed from.</summary>
internal static class FramePixels
{
    private static readonly float[] Table = [.. Enumerable.Range(0, 256).Select(v => v / 255f * 2 - 1)];

    /// <summary>Writes a part of a frame.</summary>
    /// <param name="frame">The frame, in planes.</param>
    /// <param name="top">The part's first row.</param>
    /// <param name="left">The part's first column.</param>
    /// <param name="height">The part's height.</param>
    /// <param name="width">The part's width.</param>
    /// <param name="target">Colours from -1 to 1, 3 x <paramref name="height"/> x <paramref name="width"/>.</param>
    internal static void Write(PerceiverImage frame, int top, int left, int height, int width, Span<float> target)
    {
        var pixels = frame.Pixels.Span;
        for (int c = 0; c < RgbPlanes.Channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                var row = pixels.Slice((c * frame.Height + top + y) * frame.Width + left, width);
                var to = target.Slice((c * height + y) * width, width);
                for (int x = 0; x < to.Length; x++)
                    to[x] = Table[row[x]];
            }
        }
    }
}
