using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <content>Attention maps.</content>
public sealed partial class PerceiverModel
{
    /// <summary>
    /// One weight for each input: how much of it reaches an output by attention. The numbers are those of
    /// <see cref="PerceiverAttentionMap.Of"/>, without holding the attentions: of the self-attention layers one matrix of latents is kept
    /// for a row of the batch, and the probabilities of the inputs are computed some latents at a time.
    /// </summary>
    /// <param name="inputs">As in <see cref="forward"/>.</param>
    /// <param name="attentionMask">As in <see cref="forward"/>.</param>
    /// <param name="kind">Which attentions count.</param>
    /// <param name="subsampledOutputPoints">
    /// The outputs whose weights are wanted, as <see cref="PerceiverDecoder.Query"/> takes them; null for all. Heads with many outputs
    /// need it: a row of weights for each pixel of an image would not fit into memory.
    /// </param>
    /// <returns>
    /// float32 [batch, queries, inputs], each row not negative and with the sum 1, without gradients. The inputs are in the
    /// preprocessor's order: tokens; patches or pixels, row by row; those of several modalities by the modality's name. One row for
    /// <see cref="PerceiverAttentionKind.Encoder"/>, and for a model whose decoder does not attend to the latents, or that has none. An
    /// input that the mask drops has 0; where it drops all of a row's inputs, each has the same weight, as in the attention itself.
    /// </returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is none of its values.</exception>
    public Tensor AttentionMap(
        PerceiverInputs inputs,
        Tensor? attentionMask = null,
        PerceiverAttentionKind kind = PerceiverAttentionKind.Rollout,
        PerceiverInputs? subsampledOutputPoints = null) =>
        AttentionOf(inputs, attentionMask, kind, preprocessed => _decoder?.Query(preprocessed, subsampledOutputPoints));

    /// <summary>As <see cref="AttentionMap"/>, for queries that the decoder of a head makes in its own way.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="attentionMask">Their mask; null reads all.</param>
    /// <param name="kind">Which attentions count.</param>
    /// <param name="query">The queries.</param>
    /// <param name="join">
    /// What is made of how much each query attends to each latent, [batch, queries, latents]; null leaves them as they are.
    /// </param>
    internal Tensor AttentionOf(
        PerceiverInputs inputs,
        Tensor? attentionMask,
        PerceiverAttentionKind kind,
        Func<PerceiverPreprocessedInputs, Tensor?> query,
        Func<Tensor, Tensor>? join = null)
    {
        PerceiverAttentionMap.Require(kind);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var trace = new AttentionTrace(kind);
        var preprocessed = Preprocess(inputs);
        var latents = EncodePreprocessed(preprocessed, attentionMask, trace);
        trace.Complete(latents, () =>
        {
            var weights = _decoder?.LatentWeights(query(preprocessed), latents);
            return weights is null || join is null ? weights : join(weights);
        });
        return trace.Weights.alias().MoveToOuterDisposeScope();
    }
}
