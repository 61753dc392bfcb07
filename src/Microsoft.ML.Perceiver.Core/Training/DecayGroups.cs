using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Which parameters weight decay is for: the matrices of affine maps, and not what is looked up, added or scaled.</summary>
internal static class DecayGroups
{
    internal static bool IsDecayed(string name, Tensor parameter) =>
        parameter.dim() >= 2
        && (name == "weight" || name.EndsWith(".weight", StringComparison.Ordinal))
        && !name.Contains("embeddings", StringComparison.Ordinal);
}
