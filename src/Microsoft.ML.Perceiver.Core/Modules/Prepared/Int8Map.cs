using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Affine maps of one input as a single product of 8-bit integers. The weights are rounded once, by output channel. The input is rounded at
/// each call, by row: its smallest and largest values become 0 and the last integer, so that a row's result does not depend on other rows.
/// The output is float32.
/// </summary>
internal sealed class Int8Map : PreparedMap
{
    private readonly Int8Weights _weights;
    private readonly long _index;
    private readonly Tensor _ends;   // [2, outputs]: the sums of the weights, and the biases

    /// <summary>Rounds the weights of maps of one input.</summary>
    /// <param name="weights">Where the integers are kept.</param>
    /// <param name="maps">The maps; they are not changed.</param>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot multiply 8-bit integers here.</exception>
    internal Int8Map(Int8Weights weights, params IReadOnlyList<PerceiverLinear> maps) : base(maps)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (index, sums) = weights.Add(maps.Count == 1 ? maps[0].Weight : cat([.. maps.Select(m => m.Weight)]));
        _weights = weights;
        _index = index;
        _ends = stack([sums, cat([.. maps.Select(m => m.Bias)])]).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>Both are float32.</remarks>
    internal override Tensor Apply(Tensor x)
    {
        using var rows = x.reshape(-1, x.shape[^1]);
        using var result = _weights.Multiply(rows, _index, _ends);
        return result.view([.. x.shape[..^1], result.shape[^1]]);
    }

    /// <inheritdoc/>
    public override void Dispose() => _ends.Dispose();
}
