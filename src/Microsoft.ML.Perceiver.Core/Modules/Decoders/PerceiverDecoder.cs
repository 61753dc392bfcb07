using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Computes the output of queries from the latents. Derive from it to give <see cref="PerceiverModel"/> an output of your own (reference
/// class <c>PerceiverAbstractDecoder</c>).
/// </summary>
public abstract class PerceiverDecoder : nn.Module
{
    /// <summary>For derived classes.</summary>
    /// <param name="name">The module's name.</param>
    protected PerceiverDecoder(string name) : base(name)
    {
    }

    /// <summary>
    /// Width of the decoder's output as the reference counts it (its <c>num_query_channels</c>); 0 for a decoder without queries.
    /// </summary>
    public abstract int NumQueryChannels { get; }

    /// <summary>Makes the queries.</summary>
    /// <param name="inputs">What the preprocessor returned.</param>
    /// <param name="subsampledPoints">
    /// Which of the outputs are wanted: int64 indices into the flattened output, [points], for a decoder of several modalities by name.
    /// Null for all.
    /// </param>
    /// <returns>
    /// [batch, queries, channels]; the batch is 1 where the queries do not depend on the input, so that they are computed once. Null for a
    /// decoder without queries.
    /// </returns>
    public abstract Tensor? Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null);

    /// <summary>How many queries <see cref="Query"/> makes.</summary>
    /// <param name="subsampledPoints">As <see cref="Query"/> takes them; null for all outputs.</param>
    /// <returns>The number of queries of one row.</returns>
    /// <exception cref="InvalidOperationException">All are wanted, but how many there are depends on the input.</exception>
    public virtual int QueryCount(PerceiverInputs? subsampledPoints = null) =>
        subsampledPoints is { } points
            ? (int)points.Tensor.NumberOfElements
            : throw new InvalidOperationException(
                $"{GetType().Name} does not say how many outputs it has; name the points that are wanted.");

    /// <summary>How many of the queries belong to each modality, by its name; null for a decoder of one.</summary>
    /// <param name="subsampledPoints">As <see cref="Query"/> takes them; null for all outputs.</param>
    /// <returns>The number of queries of each modality, or null.</returns>
    public virtual IReadOnlyDictionary<string, int>? ModalityQueryCounts(PerceiverInputs? subsampledPoints = null) => null;

    /// <summary>Computes the output of queries.</summary>
    /// <param name="query">What <see cref="Query"/> returned.</param>
    /// <param name="latents">The encoder's last hidden state, [batch, latents, channels].</param>
    /// <param name="outputAttentions">Whether the probabilities are returned.</param>
    /// <returns>The output, [batch, queries, channels], and the attention where it was asked for.</returns>
    public abstract PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false);

    /// <summary>How much the queries attend to each latent, the mean of the heads.</summary>
    /// <param name="query">What <see cref="Query"/> returned, or some of its rows.</param>
    /// <param name="latents">The encoder's last hidden state, [batch, latents, channels].</param>
    /// <returns>float32 [batch, queries, latents]; null for a decoder that does not attend to the latents.</returns>
    internal virtual Tensor? LatentWeights(Tensor? query, Tensor latents) =>
        forward(query, latents, outputAttentions: true).CrossAttention is { } probabilities
            ? PerceiverAttentionMap.MeanOverHeads(probabilities)
            : null;

    /// <summary>As <see cref="Query"/>, in a graph.</summary>
    /// <exception cref="NotSupportedException">The class says nothing of graphs, as those of users do.</exception>
    internal virtual OnnxValue? QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null) =>
        throw HasNone();

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    /// <exception cref="NotSupportedException">The class says nothing of graphs, as those of users do.</exception>
    internal virtual OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents) => throw HasNone();

    /// <summary>As <see cref="ModalityQueryCounts"/>, in a graph.</summary>
    internal virtual IReadOnlyDictionary<string, OnnxDimension>? QueryCountsToOnnx(OnnxInputs? points = null) => null;

    /// <summary>As <see cref="QueryCount"/>, in a graph.</summary>
    internal virtual OnnxDimension QueryCountToOnnx(OnnxValue? points) => points?[0] ?? QueryCount();

    private NotSupportedException HasNone() => new($"{GetType().Name} has no operators of ONNX.");
}
