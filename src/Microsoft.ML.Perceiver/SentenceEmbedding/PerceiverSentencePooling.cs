namespace Microsoft.ML.Perceiver;

/// <summary>What a text's vector is projected from.</summary>
public enum PerceiverSentencePooling
{
    /// <summary>The mean of the latents.</summary>
    MeanLatent,

    /// <summary>What one trainable query finds in the latents.</summary>
    Query,
}
