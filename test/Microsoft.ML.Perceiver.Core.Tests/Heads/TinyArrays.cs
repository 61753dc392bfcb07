using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>Models of arrays that run in milliseconds.</summary>
internal static class TinyArrays
{
    /// <summary>A series of up to ten steps of two numbers.</summary>
    internal static PerceiverArraySettings Series { get; } = new() { InputShape = [10], InputChannels = 2, NumBands = 3 };

    /// <summary>A grid of 4 x 6 numbers, in patches of 2 x 3 that are projected, with trainable positions.</summary>
    internal static PerceiverArraySettings Grid { get; } = new()
    {
        InputShape = [4, 6],
        Patch = [2, 3],
        Positions = "trainable",
        PositionChannels = 5,
        ProjectedChannels = 7,
        Means = [0.5],
        Deviations = [2],
    };

    /// <summary>A film of up to 3 frames of 2 x 2 pixels of three colours, standardised pixel by pixel.</summary>
    internal static PerceiverArraySettings Film { get; } = new()
    {
        InputShape = [3, 2, 2],
        InputChannels = 3,
        NumBands = 2,
        Means = [.. Enumerable.Range(0, 36).Select(i => i / 10.0)],
        Deviations = [.. Enumerable.Range(0, 36).Select(i => 1 + i / 20.0)],
    };

    /// <summary>Up to eight points of one number in the plane.</summary>
    internal static PerceiverArraySettings Points { get; } = new()
    {
        InputShape = [8],
        Positions = "coordinates",
        CoordinateResolutions = [6, 9],
        NumBands = 4,
    };

    /// <summary>A table of three numbers, each read in two bins of its own.</summary>
    internal static PerceiverArraySettings Table { get; } = new()
    {
        InputShape = [3],
        Positions = "trainable",
        PositionChannels = 5,
        ProjectedChannels = 6,
        Means = [1, 2, 3],
        Deviations = [1, 2, 0.5],
        Bins = [[-1, 0, 2], [-0.5, 0.1, 0.2], [0, 1, 2]],
    };

    internal static PerceiverArraySettings Of(string kind) => kind switch
    {
        nameof(Series) => Series,
        nameof(Grid) => Grid,
        nameof(Film) => Film,
        nameof(Table) => Table,
        _ => Points,
    };

    internal static PerceiverConfig Config(PerceiverArraySettings settings) => TinyModels.Config.WithLabels(["a", "b", "c"]) with
    {
        Array = settings,
        QueryKeyChannels = 16,
        ValueChannels = 16,
        InitializerRange = 0.3,
    };

    /// <summary>Normally distributed inputs of full size, [batch, axes..., channels].</summary>
    internal static Tensor Inputs(PerceiverArraySettings settings, int batch, int seed = 1) =>
        TinyModels.Normal(seed, [batch, .. settings.InputShape.Select(n => (long)n), settings.InputChannels]);

    /// <summary>Coordinates from -1 to 1, [batch, points, axes]; null for arrays.</summary>
    internal static Tensor? Coordinates(PerceiverArraySettings settings, int batch, int? points = null, int seed = 2) =>
        settings.HasCoordinates ? Places(batch, points ?? settings.InputShape[0], settings.CoordinateResolutions!.Count, seed) : null;

    /// <summary>Random places from -1 to 1, [batch, points, axes].</summary>
    internal static Tensor Places(int batch, int points, int axes, int seed = 3) => TinyModels.Normal(seed, batch, points, axes).tanh();
}
