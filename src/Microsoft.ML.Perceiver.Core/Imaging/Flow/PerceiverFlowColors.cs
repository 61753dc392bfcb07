namespace Microsoft.ML.Perceiver;

/// <summary>
/// Flow as an image: the hue shows the direction of a motion, the saturation its length (the colour wheel of S. Baker et al., A Database
/// and Evaluation Methodology for Optical Flow, IJCV 2011).
/// </summary>
public static class PerceiverFlowColors
{
    private const double ShortestScale = 1;

    // The longest motion divided by itself may come out as a little more than 1.
    private const float Rounding = 1e-5f;

    // Steps of the wheel from each of its colours to the next: red, yellow, green, cyan, blue, magenta, and red again.
    private static readonly (int Steps, int R, int G, int B, int ToR, int ToG, int ToB)[] Arcs =
    [
        (15, 255, 0, 0, 255, 255, 0), (6, 255, 255, 0, 0, 255, 0), (4, 0, 255, 0, 0, 255, 255),
        (11, 0, 255, 255, 0, 0, 255), (13, 0, 0, 255, 255, 0, 255), (6, 255, 0, 255, 255, 0, 0),
    ];

    private static readonly float[][] Wheel =
    [
        .. Arcs.SelectMany(arc => Enumerable.Range(0, arc.Steps).Select(i => new[]
        {
            Between(arc.R, arc.ToR, i, arc.Steps),
            Between(arc.G, arc.ToG, i, arc.Steps),
            Between(arc.B, arc.ToB, i, arc.Steps),
        })),
    ];

    /// <summary>Paints a flow. No motion is white, an unknown one black.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="maxMotion">
    /// The length in pixels of motions with full saturation; longer ones are darker. Null for the longest of the flow, or one pixel where
    /// all are shorter: frames that are equal but for noise are nearly white.
    /// </param>
    /// <returns>An image of the flow's size, with red, green and blue of a pixel next to each other.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public static PerceiverImage Paint(PerceiverFlowField flow, double? maxMotion = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (maxMotion is not (null or > 0))
            throw new ArgumentOutOfRangeException(nameof(maxMotion), maxMotion, "The longest motion must be positive, or null.");
        float longest = (float)(maxMotion ?? ScaleOf(flow));
        byte[] pixels = new byte[checked(flow.Height * flow.Width * RgbPlanes.Channels)];
        Parallel.For(0, flow.Height, y =>
        {
            for (int x = 0; x < flow.Width; x++)
            {
                int pixel = y * flow.Width + x, at = pixel * PerceiverFlowField.Components;
                if (!flow.IsKnownAt(at))
                    continue;
                var target = pixels.AsSpan(pixel * RgbPlanes.Channels, RgbPlanes.Channels);
                Paint(flow.Values[at] / longest, flow.Values[at + 1] / longest, target);
            }
        });
        return new PerceiverImage(flow.Height, flow.Width, RgbPlanes.Channels, pixels);
    }

    /// <summary>
    /// The length in pixels of motions with full saturation where none is given: the longest of the flow, but at least one.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <returns>A length in pixels, at least one.</returns>
    public static double ScaleOf(PerceiverFlowField flow) => Math.Max(Longest(flow), ShortestScale);

    /// <summary>
    /// Paints the legend of painted flow: at each place the colour of the motion from the middle to there, full at the circle's edge. What
    /// lies outside of the circle is white.
    /// </summary>
    /// <param name="radius">The circle's radius in pixels; the image has 2 x radius + 1 pixels a side.</param>
    /// <returns>A square image with three channels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not from 1 to 4096.</exception>
    public static PerceiverImage PaintWheel(int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(radius);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(radius, 4096);
        var flow = new PerceiverFlowField(2 * radius + 1, 2 * radius + 1);
        for (int y = -radius; y <= radius; y++)
        {
            for (int x = -radius; x <= radius; x++)
            {
                if (x * x + y * y <= radius * radius)
                    flow[y + radius, x + radius] = (x, y);
            }
        }

        return Paint(flow, radius);
    }

    /// <summary>The longest motion of a flow in pixels; zero where none is known.</summary>
    /// <param name="flow">The flow.</param>
    /// <returns>A length in pixels.</returns>
    public static double Longest(PerceiverFlowField flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        double longest = 0;
        for (int at = 0; at < flow.Values.Length; at += PerceiverFlowField.Components)
        {
            if (!flow.IsKnownAt(at))
                continue;
            double u = flow.Values[at], v = flow.Values[at + 1];
            longest = Math.Max(longest, Math.Sqrt(u * u + v * v));
        }

        return longest;
    }

    private static void Paint(float u, float v, Span<byte> pixel)
    {
        float length = MathF.Sqrt(u * u + v * v);
        float place = (MathF.Atan2(-v, -u) / MathF.PI + 1) / 2 * (Wheel.Length - 1);
        int first = (int)place, next = (first + 1) % Wheel.Length;
        float share = place - first;
        for (int c = 0; c < pixel.Length; c++)
        {
            float colour = (Wheel[first][c] + (Wheel[next][c] - Wheel[first][c]) * share) / 255;
            colour = length <= 1 ? 1 - length * (1 - colour) : length <= 1 + Rounding ? colour : colour * 0.75f;
            pixel[c] = (byte)(255 * colour);
        }
    }

    private static float Between(int from, int to, int step, int steps) => from + MathF.Floor((to - from) * step / (float)steps);
}
