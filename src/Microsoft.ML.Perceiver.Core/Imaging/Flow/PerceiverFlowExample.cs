namespace Microsoft.ML.Perceiver;

/// <summary>Two frames and the true flow from the first to the second.</summary>
public sealed class PerceiverFlowExample
{
    /// <summary>Makes an example.</summary>
    /// <param name="first">The first frame.</param>
    /// <param name="second">The second, of the same size.</param>
    /// <param name="flow">The flow, of the same size; unknown motions are left out of the loss and the metrics.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public PerceiverFlowExample(PerceiverImage first, PerceiverImage second, PerceiverFlowField flow)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(flow);
        if ((first.Height, first.Width) != (second.Height, second.Width) || (first.Height, first.Width) != (flow.Height, flow.Width))
        {
            throw new ArgumentException(
                $"The frames have {first.Height} x {first.Width} and {second.Height} x {second.Width} pixels, "
                + $"the flow {flow.Height} x {flow.Width}; all must be of one size.",
                nameof(second));
        }

        First = RgbPlanes.Of(first);
        Second = RgbPlanes.Of(second);
        Flow = flow;
    }

    /// <summary>The first frame, a plane for red, green and blue each.</summary>
    public PerceiverImage First { get; }

    /// <summary>The second frame.</summary>
    public PerceiverImage Second { get; }

    /// <summary>The flow from the first to the second.</summary>
    public PerceiverFlowField Flow { get; }
}
