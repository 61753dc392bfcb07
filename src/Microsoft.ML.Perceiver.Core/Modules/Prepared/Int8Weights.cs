using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Weights of a model as 8-bit integers, rounded by output channel, in the order that libtorch's product needs. TorchSharp wraps neither
/// that product nor such weights; a TorchScript module keeps them.
/// </summary>
internal sealed class Int8Weights : IWeightPreparation, IDisposable
{
    private const int Levels = 127;

    // Rows are rounded relative to their least value; that value times the sums of the weights is added afterwards.
    private const string Code = """
        class M(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          packed : List[__torch__.torch.classes.quantized.LinearPackedParamsBase]
          def pack(self: __torch__.M, rounded: Tensor, scales: Tensor, zeros: Tensor) -> NoneType:
            weights = torch._make_per_channel_quantized_tensor(rounded, scales, zeros, 0)
            _0 = torch.append(self.packed, ops.quantized.linear_prepack(weights, None))
            return None
          def forward(self: __torch__.M, x: Tensor, ends: Tensor, index: int, reduce: bool) -> Tensor:
            low = torch.amin(x, [-1], True)
            size = torch.sub(torch.amax(x, [-1], True), low)
            unit = torch.div_(torch.sub(x, low), torch.clamp_min(size, 1e-30))
            y = torch.mul_(ops.quantized.linear_dynamic(unit, self.packed[index], reduce), size)
            return torch.addmm_(y, torch.cat([low, torch.ones_like(low)], 1), ends)

        """;

    private static readonly Lazy<byte[]> Archive = new(() => TorchScriptArchive.Of(Code, "packed"));

    private readonly jit.ScriptModule _script = jit.load<Tensor>(Archive.Value, CPU);
    private long _count;

    /// <inheritdoc/>
    public PreparedMap Prepare(params IReadOnlyList<PerceiverLinear> maps) => new Int8Map(this, maps);

    /// <summary>Rounds a matrix and keeps it.</summary>
    /// <param name="weight">[outputs, inputs].</param>
    /// <returns>Its number here, and the sums of the rounded weights, [outputs].</returns>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot multiply 8-bit integers here.</exception>
    internal (long Index, Tensor Sums) Add(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var (rounded, scales) = Round(weight);
        try
        {
            _script.invoke<object>("pack", rounded, scales.to(ScalarType.Float64), zeros(scales.shape, ScalarType.Int64));
            return (_count++, (rounded.sum(1, type: ScalarType.Int32) * scales).MoveToOuterDisposeScope());
        }
        catch (ExternalException e)
        {
            throw new PlatformNotSupportedException(
                "libtorch multiplies no 8-bit integers on this machine, "
                + $"so that {PerceiverPrecision.Int8} cannot be used: {e.Message.Split('\n')[0]}",
                e);
        }
    }

    /// <summary>Rounds rows to 8-bit integers, multiplies them, and adds the terms of <paramref name="ends"/>.</summary>
    /// <param name="rows">[rows, inputs], float32.</param>
    /// <param name="index">The matrix.</param>
    /// <param name="ends">[2, outputs]: a term that is multiplied by the row's least value, and a constant one.</param>
    /// <returns>[rows, outputs], float32.</returns>
    internal Tensor Multiply(Tensor rows, long index, Tensor ends) =>
        // Without the instructions for it libtorch adds up pairs of products in 16 bits, which 8 bits of input would overflow.
        _script.invoke<Tensor>("forward", rows, ends, index, !ProcessorFeatures.HasAvx512Vnni);

    public void Dispose() => _script.Dispose();

    private static (Tensor Rounded, Tensor Scales) Round(Tensor weight)
    {
        using var scope = NewDisposeScope();
        // amin and amax are vectorised; aminmax is not, and takes several times as long.
        var largest = maximum(weight.amin([1], keepdim: true).neg(), weight.amax([1], keepdim: true));
        var scales = largest.to(ScalarType.Float32).clamp_min(1e-30).div_(Levels);
        var rounded = (weight / scales).round_().to(ScalarType.Int8);
        return (rounded.MoveToOuterDisposeScope(), scales.squeeze(1).MoveToOuterDisposeScope());
    }
}
