using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// oneDNN's products with weights that were rearranged beforehand. libtorch has them for compiled models, TorchSharp does not wrap them.
/// </summary>
internal static class PackedProducts
{
    private const string Methods = """
        def pack(self: __torch__.M, weight: Tensor) -> Tensor:
          return ops.mkldnn._reorder_linear_weight(weight, None)
        def linear(self: __torch__.M, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
          return ops.mkldnn._linear_pointwise(x, weight, bias, "none", annotate(List[Optional[number]], []), "")
        def gelu(self: __torch__.M, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
          return ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", annotate(List[Optional[number]], []), "none")
        def add(self: __torch__.M, x: Tensor, residual: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
          return ops.mkldnn._linear_pointwise(x, residual, weight, bias, "add")
        """;

    private static readonly Lazy<jit.ScriptModule> Script = new(() => TorchScriptModule.Of(Methods));

    /// <summary>Rearranges a matrix.</summary>
    /// <param name="weight">[outputs, inputs], on the CPU.</param>
    /// <returns>The same numbers in an order of oneDNN's own; only the products here can read it.</returns>
    internal static Tensor Pack(Tensor weight) => Script.Value.invoke<Tensor>("pack", weight);

    /// <summary>An affine map.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="weight">From <see cref="Pack"/>.</param>
    /// <param name="bias">[outputs].</param>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor bias) => Script.Value.invoke<Tensor>("linear", x, weight, bias);

    /// <summary>An affine map, and then GELU.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="weight">From <see cref="Pack"/>.</param>
    /// <param name="bias">[outputs].</param>
    internal static Tensor Gelu(Tensor x, Tensor weight, Tensor bias) => Script.Value.invoke<Tensor>("gelu", x, weight, bias);

    /// <summary>An affine map whose result is added to other numbers.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="residual">[..., outputs].</param>
    /// <param name="weight">From <see cref="Pack"/>.</param>
    /// <param name="bias">[outputs].</param>
    internal static Tensor Add(Tensor x, Tensor residual, Tensor weight, Tensor bias) =>
        Script.Value.invoke<Tensor>("add", x, residual, weight, bias);
}
