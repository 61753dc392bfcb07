using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Resizes flow.</summary>
internal static class FlowScaling
{
    /// <summary>The flow at another size, its motions in pixels of that size.</summary>
    /// <param name="flow">The flow, known at all pixels.</param>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    internal static PerceiverFlowField Resize(PerceiverFlowField flow, int height, int width)
    {
        if ((flow.Height, flow.Width) == (height, width))
            return flow;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        bool smaller = height < flow.Height || width < flow.Width;
        var grid = tensor(flow.Values, [1, flow.Height, flow.Width, PerceiverFlowField.Components]).permute(0, 3, 1, 2);
        var resized = nn.functional.interpolate(
            grid, [height, width], mode: InterpolationMode.Bilinear, align_corners: false, antialias: smaller);
        var scale = tensor([width / (float)flow.Width, height / (float)flow.Height]);
        var motions = (resized.permute(0, 2, 3, 1) * scale).contiguous();
        return new PerceiverFlowField(height, width, motions.data<float>().ToArray());
    }
}
