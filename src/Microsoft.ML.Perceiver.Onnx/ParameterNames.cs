using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The names that a model's parameters have in a checkpoint.</summary>
internal static class ParameterNames
{
    internal static IReadOnlyDictionary<Tensor, string> Of(nn.Module model)
    {
        var names = new Dictionary<Tensor, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, _, _, value) in PerceiverModuleParameters.OwnedWithNames(model))
            names.TryAdd(value, name);
        return names;
    }
}
