using Microsoft.ML.Perceiver;

namespace Playground;

/// <summary>The legend of painted flow: at each place the colour of the motion from the middle to there.</summary>
internal static class FlowWheel
{
    private const int Radius = 80;
    private static readonly Lazy<byte[]> Painted = new(Paint);

    /// <summary>The wheel as a PNG file. What lies outside of the circle is white.</summary>
    public static byte[] Png => Painted.Value;

    private static byte[] Paint()
    {
        var flow = new PerceiverFlowField(2 * Radius + 1, 2 * Radius + 1);
        for (int y = -Radius; y <= Radius; y++)
        {
            for (int x = -Radius; x <= Radius; x++)
            {
                if (x * x + y * y <= Radius * Radius)
                    flow[y + Radius, x + Radius] = (x, y);
            }
        }

        return PerceiverFlowColors.Paint(flow, Radius).ToPng();
    }
}
