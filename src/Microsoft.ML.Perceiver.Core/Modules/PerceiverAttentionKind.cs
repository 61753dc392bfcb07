namespace Microsoft.ML.Perceiver;

/// <summary>
/// Which attentions an attention map follows from an output back to the inputs. Each is the mean of its heads; see
/// <see cref="PerceiverAttentionMap"/>.
/// </summary>
public enum PerceiverAttentionKind
{
    /// <summary>
    /// All of them: the output's attention to the latents, the self-attention of every layer, half of which is the latent itself as a
    /// layer adds its result to its input, and the latents' attention to the inputs (attention rollout; S. Abnar and W. Zuidema,
    /// Quantifying Attention Flow in Transformers, ACL 2020).
    /// </summary>
    Rollout,

    /// <summary>
    /// The two cross-attentions: that of the output to the latents, and that of the latents to the inputs, as if each latent were itself
    /// still after the self-attention layers.
    /// </summary>
    CrossAttentions,

    /// <summary>The encoder's cross-attention alone, the mean of all latents: what is read at all, the same for every output.</summary>
    Encoder,
}
