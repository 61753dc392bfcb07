namespace Microsoft.ML.Perceiver;

/// <summary>Warps images by flow.</summary>
public static class PerceiverFlowWarp
{
    /// <summary>
    /// Warps the second frame back by the flow, so that it looks like the first one where the flow is right: each pixel takes the colour of
    /// the second frame at the end of its motion, interpolated bilinearly.
    /// </summary>
    /// <param name="second">The second frame.</param>
    /// <param name="flow">The flow from the first frame to it.</param>
    /// <param name="elsewhere">
    /// The colours of pixels whose motion is unknown or leads out of the frame, an image of the same size; null for black.
    /// </param>
    /// <returns>An image with a plane for each of red, green and blue.</returns>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static PerceiverImage Backward(PerceiverImage second, PerceiverFlowField flow, PerceiverImage? elsewhere = null)
    {
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(flow);
        CheckSize(second, flow, nameof(second));
        if (elsewhere is not null)
            CheckSize(elsewhere, flow, nameof(elsewhere));
        int height = flow.Height, width = flow.Width, count = height * width;
        var source = RgbPlanes.Of(second).Pixels;
        var fallback = elsewhere is null ? default : RgbPlanes.Of(elsewhere).Pixels;
        byte[] result = new byte[count * RgbPlanes.Channels];
        Parallel.For(0, height, y =>
        {
            var from = source.Span;
            var other = fallback.Span;
            for (int x = 0; x < width; x++)
            {
                int pixel = y * width + x, at = pixel * PerceiverFlowField.Components;
                float toX = x + flow.Values[at], toY = y + flow.Values[at + 1];
                // False for motions that are not a number.
                bool inside = toX >= 0 && toX <= width - 1 && toY >= 0 && toY <= height - 1;
                for (int c = 0; c < RgbPlanes.Channels; c++)
                {
                    int plane = c * count;
                    byte outside = other.IsEmpty ? (byte)0 : other[plane + pixel];
                    result[plane + pixel] = inside ? Interpolate(from.Slice(plane, count), width, toX, toY, height) : outside;
                }
            }
        });
        return new PerceiverImage(height, width, RgbPlanes.Channels, result, PerceiverImageLayout.ChannelsFirst);
    }

    private static byte Interpolate(ReadOnlySpan<byte> plane, int width, float x, float y, int height)
    {
        int left = (int)x, top = (int)y, right = Math.Min(left + 1, width - 1), bottom = Math.Min(top + 1, height - 1);
        float across = x - left, down = y - top;
        float upper = plane[top * width + left] + (plane[top * width + right] - plane[top * width + left]) * across;
        float lower = plane[bottom * width + left] + (plane[bottom * width + right] - plane[bottom * width + left]) * across;
        return (byte)(upper + (lower - upper) * down + 0.5f);
    }

    private static void CheckSize(PerceiverImage image, PerceiverFlowField flow, string name)
    {
        if ((image.Height, image.Width) != (flow.Height, flow.Width))
        {
            throw new ArgumentException(
                $"The image has {image.Height} x {image.Width} pixels, the flow {flow.Height} x {flow.Width}.", name);
        }
    }
}
