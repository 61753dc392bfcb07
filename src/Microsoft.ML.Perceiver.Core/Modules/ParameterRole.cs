namespace Microsoft.ML.Perceiver;

/// <summary>What a parameter is for, which decides how it starts.</summary>
internal enum ParameterRole
{
    /// <summary>A matrix, an embedding, a position or the latents: truncated normal.</summary>
    Weight,

    /// <summary>An offset: zero.</summary>
    Bias,

    /// <summary>A normalisation's scale: one.</summary>
    Scale,
}
