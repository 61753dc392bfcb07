using Microsoft.ML.Perceiver;

namespace Playground;

/// <summary>The legend of painted flow as a PNG file, painted once.</summary>
internal static class FlowWheel
{
    private const int Radius = 80;
    private static readonly Lazy<byte[]> Painted = new(() => PerceiverFlowColors.PaintWheel(Radius).ToPng());

    /// <summary>The file's bytes.</summary>
    public static byte[] Png => Painted.Value;
}
