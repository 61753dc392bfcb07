using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Masks as users give them to masks as the attention takes them (the reference's <c>invert_attention_mask</c> and <c>get_head_mask</c>).</summary>
internal static class AttentionMasks
{
    /// <summary>What is added to the cross-attention's scores: zero to keep an input, the lowest number to drop it.</summary>
    /// <param name="mask">1 to keep and 0 to drop, of any number type, [batch, inputs] or [batch, latents, inputs]; null keeps all.</param>
    /// <param name="inputs">[batch, inputs, channels].</param>
    /// <param name="latents">The number of latents.</param>
    internal static Tensor? ToBias(Tensor? mask, Tensor inputs, long latents)
    {
        if (mask is null)
            return null;
        long batch = inputs.shape[0], count = inputs.shape[1];
        bool fits = mask.dim() switch
        {
            2 => mask.shape[0] == batch && mask.shape[1] == count,
            3 => mask.shape[0] == batch && (mask.shape[1] == latents || mask.shape[1] == 1) && mask.shape[2] == count,
            _ => false,
        };
        if (!fits)
        {
            throw new ArgumentException(
                $"The attention mask has the shape [{string.Join(", ", mask.shape)}]; it needs [{batch}, {count}] or [{batch}, {latents}, {count}].", nameof(mask));
        }

        using var scope = NewDisposeScope();
        var converted = mask.to(inputs.dtype, inputs.device);
        converted = converted.dim() == 2 ? converted.unsqueeze(1).unsqueeze(1) : converted.unsqueeze(1);
        return ((1 - converted) * finfo(inputs.dtype).min).MoveToOuterDisposeScope();
    }

    /// <summary>One factor a layer for the self-attentions' probabilities, each broadcast to [batch, heads, latents, latents].</summary>
    /// <param name="mask">1 to keep a head and 0 to drop it, [heads] or [layers, heads]; null keeps all.</param>
    /// <param name="layers">Layers of a block; a mask may name more (blocks share their layers), which are not used.</param>
    /// <param name="heads">Heads of a layer.</param>
    /// <param name="like">A tensor of the type and device to use.</param>
    internal static IReadOnlyList<Tensor>? ToLayers(Tensor? mask, int layers, int heads, Tensor like)
    {
        if (mask is null)
            return null;
        if (mask.dim() is not (1 or 2) || mask.shape[^1] != heads || (mask.dim() == 2 && mask.shape[0] < layers))
            throw new ArgumentException($"The head mask has the shape [{string.Join(", ", mask.shape)}]; it needs [{heads}] or [{layers}, {heads}].", nameof(mask));
        var converted = mask.to(like.dtype, like.device);
        return Enumerable.Range(0, layers)
            .Select(i => (converted.dim() == 1 ? converted : converted[i]).view(1, heads, 1, 1))
            .ToArray();
    }
}
