using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Converts masks as users give them to masks as the attention takes them (the reference's <c>invert_attention_mask</c> and
/// <c>get_head_mask</c>).
/// </summary>
internal static class AttentionMasks
{
    /// <summary>What is added to the cross-attention's scores: zero to keep an input, the lowest number to drop it.</summary>
    /// <param name="mask">
    /// 1 to keep and 0 to drop, of any number type, [batch, inputs] or [batch, latents, inputs], where an extent may be 1 for all; null
    /// keeps all.
    /// </param>
    /// <param name="inputs">[batch, inputs, channels].</param>
    /// <param name="latents">The number of latents.</param>
    internal static Tensor? ToBias(Tensor? mask, Tensor inputs, long latents)
    {
        if (mask is null)
            return null;
        long batch = inputs.shape[0], count = inputs.shape[1];
        bool fits = mask.dim() switch
        {
            2 => IsOneOr(mask.shape[0], batch) && IsOneOr(mask.shape[1], count),
            3 => IsOneOr(mask.shape[0], batch) && IsOneOr(mask.shape[1], latents) && IsOneOr(mask.shape[2], count),
            _ => false,
        };
        if (!fits)
        {
            throw new ArgumentException(
                $"The attention mask has the shape [{string.Join(", ", mask.shape)}]; "
                + $"it needs [{batch}, {count}] or [{batch}, {latents}, {count}], or 1 in place of an extent.",
                nameof(mask));
        }

        using var scope = NewDisposeScope();
        var converted = mask.to(inputs.dtype, inputs.device);
        converted = converted.dim() == 2 ? converted.unsqueeze(1).unsqueeze(1) : converted.unsqueeze(1);
        var bias = converted.neg().Plus(1).Times(finfo(inputs.dtype).min);
        // Fused attention kernels read a row of the bias as it lies in memory.
        if (bias.shape[3] != count)
            bias = bias.expand(-1, -1, -1, count).contiguous();
        return bias.MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="ToBias"/>, in a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="mask">1 to keep and 0 to drop, [batch, inputs] or [batch, latents, inputs].</param>
    internal static OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue mask)
    {
        var dropped = builder.Minus(builder.Scalar(1), builder.Cast(mask, OnnxElement.Float));
        var rows = dropped.Rank == 2 ? builder.Unsqueeze(dropped, 1) : dropped;
        return builder.Multiply(builder.Unsqueeze(rows, 1), builder.Scalar(float.MinValue));
    }

    /// <summary>One factor a layer for the self-attentions' probabilities, each broadcast to [batch, heads, latents, latents].</summary>
    /// <param name="mask">
    /// 1 to keep a head and 0 to drop it, [heads], [layers, heads] or [layers, batch, heads, latents, latents], where any extent but the
    /// layers' may be 1 for all; null keeps all.
    /// </param>
    /// <param name="layers">Layers of a block; a mask may name more (blocks share their layers), which are not used.</param>
    /// <param name="heads">Heads of a layer.</param>
    /// <param name="batch">Rows of the batch.</param>
    /// <param name="latents">[1, latents, channels], whose type and device are used.</param>
    internal static IReadOnlyList<Tensor>? ToLayers(Tensor? mask, int layers, int heads, long batch, Tensor latents)
    {
        if (mask is null)
            return null;
        long[] shape = mask.shape;
        long count = latents.shape[1];
        bool fits = shape.Length switch
        {
            1 => IsOneOr(shape[0], heads),
            2 => shape[0] >= layers && IsOneOr(shape[1], heads),
            5 => shape[0] >= layers && IsOneOr(shape[1], batch) && IsOneOr(shape[2], heads)
                && IsOneOr(shape[3], count) && IsOneOr(shape[4], count),
            _ => false,
        };
        if (!fits)
        {
            throw new ArgumentException(
                $"The head mask has the shape [{string.Join(", ", shape)}]; it needs [{heads}], [{layers}, {heads}] or "
                + $"[{layers}, {batch}, {heads}, {count}, {count}], or 1 in place of an extent but the layers'.",
                nameof(mask));
        }

        var converted = mask.to(latents.dtype, latents.device);
        return Enumerable.Range(0, layers).Select(i => shape.Length switch
        {
            1 => converted.view(1, -1, 1, 1),
            2 => converted[i].view(1, -1, 1, 1),
            _ => converted[i],
        }).ToArray();
    }

    private static bool IsOneOr(long extent, long wanted) => extent == 1 || extent == wanted;
}
