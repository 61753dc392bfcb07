namespace Microsoft.ML.Perceiver;

/// <summary>Settings of flow between frames of any size.</summary>
public sealed record PerceiverOpticalFlowPredictorOptions
{
    /// <summary>
    /// The number of pixels that the model's unit of motion stands for. The published weights were trained with 20, the default.
    /// </summary>
    public float FlowScale { get; init; } = 20;

    /// <summary>The fewest pixels that neighbouring tiles share; below the tile's height and width. The default is 20.</summary>
    public int MinOverlap { get; init; } = 20;

    /// <summary>
    /// The number of sizes of the frames: with 2 the motion is first computed for frames of half the size, and so on for more. Motions may
    /// then be longer than the model was trained for, by a factor of two for each further size. The default is 1, as the original authors
    /// do.
    /// </summary>
    public int PyramidLevels { get; init; } = 1;

    /// <summary>
    /// How often, at each size, the second frame is warped back by the flow so far, and the flow between the results is added. The default
    /// is 0.
    /// </summary>
    public int Refinements { get; init; }

    /// <summary>
    /// A refinement leaves the tiles as they are in which the pass before it found motions of this mean length or less, in pixels: they
    /// need no time then. The default is 0, which refines every tile that moved at all.
    /// </summary>
    public float RefinementThreshold { get; init; }

    /// <summary>The largest number of tiles in a forward pass, at least 1. The default is 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// The memory that the activations of a forward pass may take, in bytes; a forward pass has fewer tiles than <see cref="BatchSize"/>
    /// where they would need more. Null for no limit; the default is 1 GiB.
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
        Require(
            float.IsFinite(RefinementThreshold) && RefinementThreshold >= 0,
            nameof(RefinementThreshold),
            RefinementThreshold,
            "at least 0");
        Require(BatchSize > 0, nameof(BatchSize), BatchSize, "positive");
        Require(MaxMemoryBytes is null or > 0, nameof(MaxMemoryBytes), MaxMemoryBytes, "positive, or null");
    }

    private static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {needed}.");
    }
}
