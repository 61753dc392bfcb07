using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Affine maps of one input as a single product of 8-bit integers. The weights are rounded once, by output channel. The input is rounded at
/// each call, by row: its smallest and largest values become 0 and the last integer, so that a row's result does not depend on other rows.
/// The output is float32.
/// </summary>
internal sealed class Int8Map : PreparedMap
{
    private const int WeightLevels = 127;

    // Without the instructions for it oneDNN adds up pairs of products in 16 bits, which 8 bits of input would overflow.
    private static readonly int InputLevels = ProcessorFeatures.HasAvx512Vnni ? 255 : 127;

    private readonly Tensor _weight, _scales, _zeros, _sums, _bias;

    /// <summary>Rounds the weights of maps of one input.</summary>
    /// <param name="maps">The maps; they are not changed.</param>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot multiply 8-bit integers here.</exception>
    internal Int8Map(params IReadOnlyList<AffineMap> maps) : base(maps)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (rounded, scales) = Round(maps.Count == 1 ? maps[0].Weight : cat([.. maps.Select(m => m.Weight)]));
        try
        {
            _weight = Int8Products.Pack(rounded).DetachFromDisposeScope();
        }
        catch (ExternalException e)
        {
            throw new PlatformNotSupportedException(
                "libtorch multiplies no 8-bit integers on this machine, "
                + $"so that {PerceiverPrecision.Int8} cannot be used: {e.Message.Split('\n')[0]}",
                e);
        }

        _scales = scales.DetachFromDisposeScope();
        _zeros = zeros(scales.shape, ScalarType.Int32).DetachFromDisposeScope();
        _sums = (rounded.sum(1, type: ScalarType.Int32) * scales).DetachFromDisposeScope();
        _bias = cat([.. maps.Select(m => m.Bias)]).to(ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>Both are float32.</remarks>
    internal override Tensor Apply(Tensor x) => Apply(x, residual: null);

    /// <inheritdoc/>
    internal override Tensor ApplyAdd(Tensor x, Tensor residual) => Apply(x, residual);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _weight.Dispose();
        _scales.Dispose();
        _zeros.Dispose();
        _sums.Dispose();
        _bias.Dispose();
    }

    private Tensor Apply(Tensor x, Tensor? residual)
    {
        using var scope = NewDisposeScope();
        var rows = x.to(ScalarType.Float32).reshape(-1, x.shape[^1]).contiguous();
        float[] terms = new float[2 * rows.shape[0]];
        var bytes = Int8Rows.ToBytes(rows, InputLevels, terms);
        var result = Int8Products.Multiply(bytes, _weight, _scales, _zeros);
        Int8Rows.Finish(result, terms, _sums, _bias, residual?.to(ScalarType.Float32).contiguous());
        return result.view([.. x.shape[..^1], result.shape[^1]]).MoveToOuterDisposeScope();
    }

    private static (Tensor Rounded, Tensor Scales) Round(Tensor weight)
    {
        // amin and amax are vectorised; aminmax is not, and takes several times as long.
        var largest = maximum(weight.amin([1], keepdim: true).neg(), weight.amax([1], keepdim: true));
        var scales = largest.to(ScalarType.Float32).clamp_min(Scalars.Kept(1e-30)).div_(Scalars.Kept(WeightLevels));
        return ((weight / scales).round_().to(ScalarType.Int8), scales.squeeze(1));
    }
}
