namespace Playground;

/// <summary>Pairs of frames of samples/OpticalFlow.</summary>
internal static class FlowExamples
{
    public static IReadOnlyList<Example> All { get; } =
    [
        new Example("Rubber whale")
        {
            Images = ["examples/flow/rubberwhale/frame10.png", "examples/flow/rubberwhale/frame11.png"],
        },
        new Example("Motorcycle")
        {
            Images = ["examples/flow/motorcycle/left.png", "examples/flow/motorcycle/right.png"],
        },
    ];
}
