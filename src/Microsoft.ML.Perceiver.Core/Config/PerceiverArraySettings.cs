using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The inputs and outputs of <c>PerceiverForArray</c>, key <c>array</c> of config.json: an array of one to three axes whose elements are
/// vectors of channels, or points that have coordinates. Not of the reference, which has no such head.
/// </summary>
public sealed record PerceiverArraySettings
{
    internal const string Fourier = "fourier", Trainable = "trainable", Coordinates = "coordinates";
    internal const string PooledOutput = "pooled", PositionsOutput = "positions", CoordinatesOutput = "coordinates";
    internal const int MostAxes = 3, MostCoordinates = 8, MostBands = 1024;

    /// <summary>
    /// The extent of each axis, without the channels: <c>[length]</c>, <c>[height, width]</c> or <c>[frames, height, width]</c>. Arrays
    /// may be shorter along the first axis. With <see cref="Positions"/> "coordinates", the most points of a row, as one number.
    /// </summary>
    [JsonPropertyName("input_shape")]
    public required IReadOnlyList<int> InputShape { get; init; }

    /// <summary>Numbers of an element.</summary>
    [JsonPropertyName("input_channels")]
    public int InputChannels { get; init; } = 1;

    /// <summary>
    /// How many elements of each axis make one input vector; each must divide the axis. Null for one, and for points.
    /// </summary>
    [JsonPropertyName("patch")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Patch { get; init; }

    /// <summary>
    /// Where an input vector stands: "fourier" for sines and cosines of its place in the array, "trainable" for a trainable vector of each
    /// place, "coordinates" for sines and cosines of coordinates that come with the inputs.
    /// </summary>
    [JsonPropertyName("positions")]
    public string Positions { get; init; } = Fourier;

    /// <summary>
    /// The finest resolution of each coordinate, in steps from -1 to 1; as many numbers as coordinates. Needed for coordinates of points;
    /// null for the input vectors of each axis.
    /// </summary>
    [JsonPropertyName("coordinate_resolutions")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? CoordinateResolutions { get; init; }

    /// <summary>Frequencies of each axis, or of each coordinate, of Fourier positions.</summary>
    [JsonPropertyName("num_bands")]
    public int NumBands { get; init; } = 64;

    /// <summary>Width of a trainable position.</summary>
    [JsonPropertyName("position_channels")]
    public int PositionChannels { get; init; } = 64;

    /// <summary>Width that an input vector is projected to before its position is put after it; null for no projection.</summary>
    [JsonPropertyName("projected_channels")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ProjectedChannels { get; init; }

    /// <summary>
    /// What is answered: "pooled" for one answer of a row, "positions" for an answer of each input vector, "coordinates" for answers at
    /// coordinates that the caller gives. An answer has a number for each label of the configuration.
    /// </summary>
    [JsonPropertyName("output")]
    public string Output { get; init; } = PooledOutput;

    /// <summary>
    /// What is subtracted from the inputs: a number for each channel, or one for each number of the array; null for nothing.
    /// </summary>
    [JsonPropertyName("means")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Means { get; init; }

    /// <summary>What the inputs are divided by after that; as many numbers as <see cref="Means"/>, or null with it.</summary>
    [JsonPropertyName("deviations")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Deviations { get; init; }

    /// <summary>
    /// Of a table: the ascending edges of the bins that each number is read in, standardised, as many for each number. Every number then
    /// has a projection of its own, of itself and of the share of each bin that lies below it. It needs <see cref="ProjectedChannels"/>,
    /// one channel and no patches. Null for one projection of all input vectors.
    /// </summary>
    [JsonPropertyName("bins")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<double>>? Bins { get; init; }

    /// <summary>Whether the inputs are points with coordinates.</summary>
    internal bool HasCoordinates => Positions == Coordinates;

    /// <summary>Elements of each axis that make one input vector.</summary>
    internal IReadOnlyList<int> PatchOrOne => Patch ?? [.. Enumerable.Repeat(1, InputShape.Count)];

    /// <summary>The input vectors of each axis.</summary>
    internal IReadOnlyList<int> VectorShape => [.. InputShape.Zip(PatchOrOne, (extent, patch) => extent / patch)];

    /// <summary>The input vectors of a row at most.</summary>
    internal int Vectors => VectorShape.Aggregate(1, (product, n) => checked(product * n));

    /// <summary>Numbers of an input vector.</summary>
    internal int VectorWidth => PatchOrOne.Aggregate(InputChannels, (product, n) => checked(product * n));

    /// <summary>The finest resolution of each coordinate.</summary>
    internal IReadOnlyList<int> Resolutions => CoordinateResolutions ?? VectorShape;
}
