namespace Microsoft.ML.Perceiver;

/// <summary>What a parameter is for, which decides how it starts.</summary>
internal enum ParameterRole
{
    /// <summary>A matrix, an embedding, a position or the latents: truncated normal.</summary>
    Weight,

    /// <summary>An offset, a running mean or a counter: zero.</summary>
    Bias,

    /// <summary>A normalisation's scale, or a running variance: one.</summary>
    Scale,
}
