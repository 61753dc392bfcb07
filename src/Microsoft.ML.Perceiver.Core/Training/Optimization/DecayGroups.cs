using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Which parameters weight decay is for: the matrices of affine maps, and not what is looked up, added or scaled.</summary>
internal static class DecayGroups
{
    internal static bool IsDecayed(string name, Tensor parameter) =>
        parameter.dim() >= 2
        && (name == "weight" || name.EndsWith(".weight", StringComparison.Ordinal))
        && !name.Contains("embeddings", StringComparison.Ordinal);

    /// <summary>Whether a parameter is a matrix, or a kernel, between two layers of the model: none that gives the answers.</summary>
    internal static bool IsHidden(string name, Tensor parameter) => IsDecayed(name, parameter) && !name.Contains("final_layer.", StringComparison.Ordinal);
}
