using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What each parameter of a model is for.</summary>
internal static class ParameterRoles
{
    /// <summary>The roles by state-dictionary name.</summary>
    internal static IReadOnlyDictionary<string, ParameterRole> Of(nn.Module model)
    {
        var declared = PerceiverModuleParameters.OwnedWithNames(model).ToDictionary(p => p.Name, p => p.Owner.RoleOf(p.Key));
        return model.named_parameters().ToDictionary(
            p => p.name, p => declared.TryGetValue(p.name, out var role) ? role : RoleByName(p.name, p.parameter));
    }

    // Parts of a user's own declare no roles. Torch's layers call their matrices "weight".
    private static ParameterRole RoleByName(string name, Tensor parameter)
    {
        if (parameter.dim() < 2)
            return ParameterRole.Bias;
        bool isMatrix = name == "weight" || name.EndsWith(".weight", StringComparison.Ordinal);
        return isMatrix && !name.Contains("embeddings", StringComparison.Ordinal) ? ParameterRole.Hidden : ParameterRole.Embedding;
    }
}
