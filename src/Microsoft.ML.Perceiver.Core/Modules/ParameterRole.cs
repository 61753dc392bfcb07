namespace Microsoft.ML.Perceiver;

/// <summary>What a parameter is for: it decides the first value, weight decay and which optimizer's step is taken.</summary>
internal enum ParameterRole
{
    /// <summary>A matrix or a convolution's kernel inside the model. Starts truncated normal, decays, and Muon is for it.</summary>
    Hidden,

    /// <summary>The matrix of a layer that gives answers. Starts truncated normal and decays.</summary>
    Output,

    /// <summary>Vectors that are looked up or added: embeddings, positions, latents. Start truncated normal.</summary>
    Embedding,

    /// <summary>A normalisation's scale, or the buffer of a running variance. Starts at one.</summary>
    Scale,

    /// <summary>An offset, or the buffer of a running mean or of a counter. Starts at zero.</summary>
    Bias,
}
