using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>oneDNN's products of 8-bit integers, by VNNI or AMX where the processor has them. TorchSharp does not wrap them.</summary>
internal static class Int8Products
{
    // The inputs are multiplied as they are: what their unit and their zero are is brought in afterwards, as it differs from row to row.
    // 6 is float32.
    private const string Methods = """
        def pack(self: __torch__.M, weight: Tensor) -> Tensor:
          return ops.onednn.qlinear_prepack(weight, None)
        def multiply(self: __torch__.M, x: Tensor, weight: Tensor, scales: Tensor, zeros: Tensor) -> Tensor:
          none = annotate(List[Optional[number]], [])
          return ops.onednn.qlinear_pointwise(x, 1.0, 0, weight, scales, zeros, None, 1.0, 0, 6, "none", none, "")
        """;

    private static readonly Lazy<jit.ScriptModule> Script = new(() => TorchScriptModule.Of(Methods));

    /// <summary>Rearranges a matrix for the product.</summary>
    /// <param name="weight">[outputs, inputs], int8.</param>
    internal static Tensor Pack(Tensor weight) => Script.Value.invoke<Tensor>("pack", weight);

    /// <summary>Multiplies bytes by the rounded weights of each output, and by the output's scale.</summary>
    /// <param name="x">[rows, inputs], bytes.</param>
    /// <param name="weight">From <see cref="Pack"/>.</param>
    /// <param name="scales">[outputs], float32.</param>
    /// <param name="zeros">[outputs], int32: the integers that stand for zero, all of them 0.</param>
    /// <returns>[rows, outputs], float32.</returns>
    internal static Tensor Multiply(Tensor x, Tensor weight, Tensor scales, Tensor zeros) =>
        Script.Value.invoke<Tensor>("multiply", x, weight, scales, zeros);
}
