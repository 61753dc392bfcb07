using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Residual connections.</summary>
internal static class Residual
{
    /// <summary>The sum, in the first tensor's memory where no gradient needs its old value.</summary>
    /// <param name="fresh">A tensor that only the caller uses, of the sum's shape.</param>
    /// <param name="skipped">The tensor added, broadcast to it.</param>
    internal static Tensor Add(Tensor fresh, Tensor skipped) => is_grad_enabled() ? fresh.Plus(skipped) : fresh.add_(skipped, Scalars.One);
}
