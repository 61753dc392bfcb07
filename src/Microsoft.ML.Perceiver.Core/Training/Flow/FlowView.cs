namespace Microsoft.ML.Perceiver;

/// <summary>A variation of an example: a part of it of the model's size, perhaps mirrored, with other colours.</summary>
internal readonly record struct FlowView(int Top, int Left, bool MirrorX, bool MirrorY, float Contrast, float Brightness, int Order)
{
    private static readonly int[][] Orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    /// <summary>Draws a view of frames.</summary>
    internal static FlowView Draw(
        PerceiverFlowAugmentation augmentation, PerceiverFlowExample example, int height, int width, PerceiverRandom random) => new(
        random.Next(example.First.Height - height + 1),
        random.Next(example.First.Width - width + 1),
        augmentation.HorizontalFlip && random.Next(2) == 0,
        augmentation.VerticalFlip && random.Next(2) == 0,
        (float)(1 + augmentation.Contrast * (2 * random.NextDouble() - 1)),
        (float)(2 * augmentation.Brightness * (2 * random.NextDouble() - 1)),
        augmentation.ShuffleColors && random.Next(2) == 0 ? random.Next(Orders.Length) : 0);

    /// <summary>Writes the view.</summary>
    /// <param name="example">The example.</param>
    /// <param name="height">The view's height.</param>
    /// <param name="width">The view's width.</param>
    /// <param name="frames">Colours from -1 to 1, 2 x 3 x <paramref name="height"/> x <paramref name="width"/>.</param>
    /// <param name="flow">The flow, <paramref name="height"/> x <paramref name="width"/> x 2; not a number where it is unknown.</param>
    internal void Write(PerceiverFlowExample example, int height, int width, Span<float> frames, Span<float> flow)
    {
        int plane = height * width;
        int frame = RgbPlanes.Channels * plane;
        Span<float> pixels = new float[frame];
        for (int i = 0; i < PerceiverForOpticalFlow.Frames; i++)
        {
            FramePixels.Write(i == 0 ? example.First : example.Second, Top, Left, height, width, pixels);
            for (int c = 0; c < RgbPlanes.Channels; c++)
                WritePlane(pixels.Slice(Orders[Order][c] * plane, plane), frames.Slice(i * frame + c * plane, plane), height, width);
        }

        WriteFlow(example.Flow, height, width, flow);
    }

    private void WritePlane(ReadOnlySpan<float> source, Span<float> target, int height, int width)
    {
        for (int y = 0; y < height; y++)
        {
            var row = source.Slice((MirrorY ? height - 1 - y : y) * width, width);
            for (int x = 0; x < width; x++)
                target[y * width + x] = row[MirrorX ? width - 1 - x : x] * Contrast + Brightness;
        }
    }

    private void WriteFlow(PerceiverFlowField source, int height, int width, Span<float> target)
    {
        for (int y = 0; y < height; y++)
        {
            int sourceY = Top + (MirrorY ? height - 1 - y : y);
            for (int x = 0; x < width; x++)
            {
                int sourceX = Left + (MirrorX ? width - 1 - x : x);
                int from = (sourceY * source.Width + sourceX) * PerceiverFlowField.Components;
                int to = (y * width + x) * PerceiverFlowField.Components;
                bool known = source.IsKnownAt(from);
                target[to] = known ? source.Values[from] * (MirrorX ? -1 : 1) : float.NaN;
                target[to + 1] = known ? source.Values[from + 1] * (MirrorY ? -1 : 1) : float.NaN;
            }
        }
    }
}
