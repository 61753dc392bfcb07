using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Affine maps of one input as a single product, with weights that were brought into the order which that product needs. They are made for
/// inference, and do not follow the weights when these change.
/// </summary>
internal abstract class PreparedMap : IDisposable
{
    private protected PreparedMap(IReadOnlyList<AffineMap> maps) => Outputs = [.. maps.Select(m => m.Weight.shape[0])];

    /// <summary>The maps' output channels.</summary>
    internal IReadOnlyList<long> Outputs { get; }

    /// <summary>Whether it can be used now; it has no gradients.</summary>
    internal virtual bool IsUsable => true;

    /// <summary>Applies the maps.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <returns>[..., outputs of all maps, one after the other].</returns>
    internal abstract Tensor Apply(Tensor x);

    /// <summary>Applies the maps, and then the GELU of the error function.</summary>
    /// <param name="x">[..., inputs].</param>
    internal virtual Tensor ApplyGelu(Tensor x) => nn.functional.gelu(Apply(x));

    /// <summary>Applies the maps and adds to the result.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="residual">[..., outputs], of the result's shape.</param>
    internal virtual Tensor ApplyAdd(Tensor x, Tensor residual) => Apply(x).add_(residual, Scalars.One);

    /// <inheritdoc/>
    public abstract void Dispose();
}
