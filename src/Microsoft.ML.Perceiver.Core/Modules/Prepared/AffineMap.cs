using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The numbers of an affine map.</summary>
/// <param name="Weight">[outputs, inputs].</param>
/// <param name="Bias">[outputs].</param>
internal readonly record struct AffineMap(Tensor Weight, Tensor Bias);
