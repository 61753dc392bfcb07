namespace Microsoft.ML.Perceiver;

/// <summary>How frames of any size become flow.</summary>
public sealed record PerceiverOpticalFlowPredictorOptions
{
    /// <summary>
    /// What the model's answers are multiplied by to be pixels. The published weights were trained on twentieths of pixels; the default is 20.
    /// </summary>
    public float FlowScale { get; init; } = 20;

    /// <summary>The fewest pixels that neighbouring tiles share; below the tile's height and width. The default is 20.</summary>
    public int MinOverlap { get; init; } = 20;

    /// <summary>
    /// Sizes at which the frames are looked at: with 2 and more the motion is first found in frames of half the size, and so on, which reaches
    /// motions that many times as long as the model was trained for. The default is 1, the frames' own size alone, as the original authors do.
    /// </summary>
    public int PyramidLevels { get; init; } = 1;

    /// <summary>
    /// How often, at each size, the second frame is moved back by the flow found so far and what is left of the motion is found in turn. The
    /// default is 0, for never.
    /// </summary>
    public int Refinements { get; init; }

    /// <summary>Tiles of a forward pass, 1 at least. The default is 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// The memory that the activations of a forward pass may take, in bytes; fewer tiles than <see cref="BatchSize"/> go together where they would
    /// need more. Null sets no limit; the default is 1 GiB.
    /// </summary>
    public long? MaxMemoryBytes { get; init; } = 1L << 30;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(float.IsFinite(FlowScale) && FlowScale > 0, nameof(FlowScale), FlowScale, "positive");
        Require(MinOverlap >= 0, nameof(MinOverlap), MinOverlap, "at least 0");
        Require(PyramidLevels is > 0 and <= 16, nameof(PyramidLevels), PyramidLevels, "from 1 to 16");
        Require(Refinements is >= 0 and <= 100, nameof(Refinements), Refinements, "from 0 to 100");
        Require(BatchSize > 0, nameof(BatchSize), BatchSize, "positive");
        Require(MaxMemoryBytes is null or > 0, nameof(MaxMemoryBytes), MaxMemoryBytes, "positive, or null");
    }

    private static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}.");
    }
}
