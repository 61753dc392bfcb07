using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace Playground;

/// <summary>
/// How much each input contributes to a result through the cross-attentions: the attention of the latents to the inputs, each latent
/// weighed with the attention of the output's queries to it, both the mean of their heads. What the self-attention layers mix in between
/// is left out.
/// </summary>
internal static class InputAttention
{
    /// <summary>The share of each input; all together are 1.</summary>
    /// <param name="output">What a model returned with its attentions, for a batch of one.</param>
    /// <param name="queries">The queries of the decoder whose mean is taken; null for all.</param>
    public static float[] Of(PerceiverOutput output, IReadOnlyList<int>? queries = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var attentions = output.CrossAttentions!;
        var inputs = attentions[0][0].mean([0]);
        var latents = attentions[^1][0].mean([0]);
        if (queries is not null)
            latents = latents.index_select(0, tensor(queries.Select(q => (long)q).ToArray(), device: latents.device));
        return latents.mean([0], keepdim: true).matmul(inputs)[0].to(ScalarType.Float32).cpu().data<float>().ToArray();
    }
}
