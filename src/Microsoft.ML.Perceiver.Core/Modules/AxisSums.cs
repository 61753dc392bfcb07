using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Sums over the axes of a grid, for what is computed beforehand in float64.</summary>
internal static class AxisSums
{
    /// <summary>A copy in float64 on the CPU, without gradients.</summary>
    internal static Tensor Double(Tensor x) => x.detach().to(ScalarType.Float64, CPU);

    /// <summary>A copy of float64 numbers in float32, without gaps, that no dispose scope releases.</summary>
    internal static Tensor Single(Tensor x) => x.to(ScalarType.Float32).contiguous().DetachFromDisposeScope();

    /// <summary>
    /// The sum of each point's features, and that of their squares, [points, 1] each. Features of different axes lie in different channels,
    /// so that their squares add up.
    /// </summary>
    internal static (Tensor Sums, Tensor Squares) Moments(Tensor features, Tensor rest, long[] extents)
    {
        var ofFeatures = features.Squared().sum(1).Plus(features.mv(rest).Times(2));
        var squares = Sum(Axes(ofFeatures.unsqueeze(1), extents)).Plus(rest.Squared().sum());
        return (Sum(Axes(features.sum(1).unsqueeze(1), extents)).Plus(rest.sum()), squares);
    }

    /// <summary>A table of all axes cut into one for each.</summary>
    internal static Tensor[] Axes(Tensor table, long[] extents) => table.split(extents, 0);

    /// <summary>The sums over all combinations, [points, channels], the last axis running fastest.</summary>
    internal static Tensor Sum(ReadOnlySpan<Tensor> axes)
    {
        var sum = axes[0];
        foreach (var axis in axes[1..])
            sum = sum.unsqueeze(1).Plus(axis.unsqueeze(0)).flatten(0, 1);
        return sum;
    }
}
