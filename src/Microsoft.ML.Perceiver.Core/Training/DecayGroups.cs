using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Which parameters weight decay is for: the matrices of affine maps, and not what is looked up, added or scaled.</summary>
internal static class DecayGroups
{
    internal static (List<Parameter> Decayed, List<Parameter> Others) Split(nn.Module module)
    {
        var decayed = new List<Parameter>();
        var others = new List<Parameter>();
        foreach (var (name, parameter) in module.named_parameters())
        {
            if (parameter.requires_grad)
                (IsDecayed(name, parameter) ? decayed : others).Add(parameter);
        }

        return (decayed, others);
    }

    private static bool IsDecayed(string name, Parameter parameter) =>
        parameter.dim() >= 2
        && (name == "weight" || name.EndsWith(".weight", StringComparison.Ordinal))
        && !name.Contains("embeddings", StringComparison.Ordinal);
}
