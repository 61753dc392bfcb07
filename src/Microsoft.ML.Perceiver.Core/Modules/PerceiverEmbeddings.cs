using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The trainable latents (reference class <c>PerceiverEmbeddings</c>, key <c>latents</c>).</summary>
public sealed class PerceiverEmbeddings : PerceiverParameterModule
{
    internal PerceiverEmbeddings(PerceiverConfig config) : base(nameof(PerceiverEmbeddings)) =>
        Declare("latents", ParameterRole.Embedding, config.NumLatents, config.LatentChannels);

    /// <summary>The latents, [1, latents, channels]; one batch entry, as every input starts from the same.</summary>
    internal Tensor forward() => this[0].unsqueeze(0);
}
