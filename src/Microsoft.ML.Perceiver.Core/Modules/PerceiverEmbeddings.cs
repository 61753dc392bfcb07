using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The trainable latents (reference class <c>PerceiverEmbeddings</c>, key <c>latents</c>).</summary>
public sealed class PerceiverEmbeddings : PerceiverParameterModule
{
    internal PerceiverEmbeddings(PerceiverConfig config) : base(nameof(PerceiverEmbeddings)) =>
        Declare("latents", ParameterRole.Embedding, config.NumLatents, config.LatentChannels);

    /// <summary>The latents, [latents, channels]. They belong to the module.</summary>
    public Tensor Latents => this[0];

    /// <summary>The latents, [1, latents, channels]; one batch entry, as all inputs start from the same latents.</summary>
    /// <returns>The latents, [1, latents, channels].</returns>
    public Tensor forward() => Latents.unsqueeze(0);

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder) => builder.Unsqueeze(builder.Parameter(Latents), 0);
}
