using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// One weight for each input: how much of what an output is made of came from there by attention. The weights of an output are not
/// negative and add up to 1, and an input that the attention mask drops has 0. They say where attention went, not why the output is what
/// it is: see docs/attention.md.
/// </summary>
/// <remarks>
/// <see cref="Of"/> computes them from attentions that a model has returned. <see cref="PerceiverModel.AttentionMap"/> gives the same
/// numbers without holding the attentions: those of one image of 224 x 224 pixels are 100 MB and more.
/// </remarks>
public static class PerceiverAttentionMap
{
    /// <summary>The weights of the inputs, from a model's attentions.</summary>
    /// <param name="output">What a model returned with its attentions (<c>outputAttentions: true</c>).</param>
    /// <param name="kind">Which attentions count.</param>
    /// <returns>
    /// float32 [batch, queries, inputs], a row for each query of the decoder; one row for <see cref="PerceiverAttentionKind.Encoder"/>,
    /// and of a model without a decoder, for the mean of its latents. The inputs are in the preprocessor's order: tokens; patches or
    /// pixels, row by row; those of several modalities by the modality's name.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    /// <exception cref="ArgumentException">It has no attentions.</exception>
    public static Tensor Of(PerceiverOutput output, PerceiverAttentionKind kind = PerceiverAttentionKind.Rollout)
    {
        ArgumentNullException.ThrowIfNull(output);
        Require(kind);
        if (output.CrossAttentions is not { Count: > 0 } cross || output.Attentions is null)
            throw new ArgumentException("The output has no attentions; call the model with outputAttentions: true.", nameof(output));
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        bool isOfDecoder = cross.Count > 1 && kind != PerceiverAttentionKind.Encoder;
        var read = MeanOverHeads(cross[0]);
        var rows = isOfDecoder ? MeanOverHeads(cross[^1]) : AttentionTrace.Uniform(read);
        if (kind == PerceiverAttentionKind.Rollout)
        {
            foreach (var layer in output.Attentions.Reverse())
                rows = matmul(rows, WithResidual(MeanOverHeads(layer)));
        }

        var weights = matmul(rows, read);
        // A head mask leaves less than all of a layer's probabilities.
        return (weights / weights.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>Half of a layer's attention and half of its input, [batch, latents, latents]; changes its argument.</summary>
    internal static Tensor WithResidual(Tensor attention)
    {
        attention.mul_(Scalars.Kept(0.5));
        attention.diagonal(0, -2, -1).add_(Scalars.Kept(0.5), Scalars.One);
        return attention;
    }

    /// <exception cref="ArgumentOutOfRangeException">It is none of the kinds.</exception>
    internal static void Require(PerceiverAttentionKind kind)
    {
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "It is no kind of attention map.");
    }

    /// <summary>The mean of the heads' probabilities, [batch, heads, queries, keys], float32 [batch, queries, keys].</summary>
    internal static Tensor MeanOverHeads(Tensor probabilities) => probabilities.to(ScalarType.Float32).mean([1]);
}
