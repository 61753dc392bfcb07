namespace Playground;

/// <summary>Pairs of frames of samples/OpticalFlow.</summary>
internal static class FlowExamples
{
    public static IReadOnlyList<Example> All { get; } =
    [
        new Example("RubberWhale: toys that are moved")
        {
            Images = ["examples/flow/rubberwhale/frame10.png", "examples/flow/rubberwhale/frame11.png"],
        },
        new Example("Motorcycle: seen by the left and the right eye")
        {
            Images = ["examples/flow/motorcycle/left.png", "examples/flow/motorcycle/right.png"],
        },
    ];
}
