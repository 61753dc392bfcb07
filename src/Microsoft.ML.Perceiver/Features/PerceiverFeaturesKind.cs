namespace Microsoft.ML.Perceiver;

/// <summary>What features are taken of a text.</summary>
public enum PerceiverFeaturesKind
{
    /// <summary>The mean of the latents: as many numbers as a latent has channels.</summary>
    MeanLatent,

    /// <summary>All latents, one after the other.</summary>
    AllLatents,
}
