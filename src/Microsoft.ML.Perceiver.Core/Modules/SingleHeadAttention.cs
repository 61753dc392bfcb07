using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Cross-attention of one head with its affine maps on the side that has fewer rows. A score is q · (K x + k) = (Kᵀ q) · x + q · k, and a
/// query's last term is the same for all inputs, so that it cancels in the softmax; the context is Σ p (V x + v) = V (Σ p x) + v, as the
/// probabilities add up to one. With 2,048 latents and 182,528 pixels that saves a fifth of the arithmetic in either direction, and the
/// memory of the maps of the larger side.
/// </summary>
internal static class SingleHeadAttention
{
    /// <summary>Whether the reference's order is kept, for benchmarks that measure it.</summary>
    internal static bool KeepsReferenceOrder { get; set; }

    /// <summary>The order with the least arithmetic.</summary>
    /// <param name="shape">The attention's widths.</param>
    /// <param name="queries">How many queries there are.</param>
    /// <param name="inputs">How many inputs.</param>
    internal static SingleHeadOrder Choose(AttentionShape shape, long queries, long inputs)
    {
        if (!shape.IsCrossAttention || shape.Heads != 1 || KeepsReferenceOrder)
            return SingleHeadOrder.Maps;
        double n = queries, q = shape.QueryChannels, k = shape.QueryKeyChannels;
        double m = inputs, x = shape.InputChannels, v = shape.ValueChannels, o = shape.OutputChannels;
        double maps = (n * q * k) + (m * x * (k + v)) + (n * m * (k + v)) + (n * v * o);
        double inputSide = (n * q * k) + (n * k * x) + (n * m * 2 * x) + (n * x * v) + (n * v * o);
        double querySide = (m * x * (k + v)) + (m * k * q) + (m * v * o) + (n * m * (q + o));
        if (maps <= Math.Min(inputSide, querySide))
            return SingleHeadOrder.Maps;
        return inputSide <= querySide ? SingleHeadOrder.Inputs : SingleHeadOrder.Queries;
    }

    /// <summary>Attends from the inputs' side.</summary>
    /// <param name="query">[batch or 1, queries, query and key channels].</param>
    /// <param name="inputs">[batch, inputs, input channels], normalised.</param>
    /// <param name="key">The keys' map.</param>
    /// <param name="value">The values' map.</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    /// <returns>[batch, queries, value channels].</returns>
    internal static Tensor OverInputs(Tensor query, Tensor inputs, PerceiverLinear key, PerceiverLinear value, Tensor? bias)
    {
        var queries = Scaled(PerceiverLinear.Affine(query, key.Weight.t(), null), query.shape[^1]);
        var mean = Attend(queries, inputs, inputs, bias);
        return value.forward(mean);
    }

    /// <summary>Attends from the queries' side.</summary>
    /// <param name="queries">[batch or 1, queries, query channels], normalised.</param>
    /// <param name="keys">[batch, inputs, query and key channels].</param>
    /// <param name="values">[batch, inputs, value channels].</param>
    /// <param name="query">The queries' map.</param>
    /// <param name="output">The map of the result.</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    /// <returns>[batch, queries, output channels].</returns>
    internal static Tensor OverQueries(
        Tensor queries, Tensor keys, Tensor values, PerceiverLinear query, PerceiverLinear output, Tensor? bias)
    {
        // The term that the queries' bias adds to a score differs from input to input.
        var offset = matmul(keys, query.Bias).mul_(Scalars.Kept(1 / Math.Sqrt(keys.shape[^1]))).unsqueeze(1).unsqueeze(1);
        var mappedKeys = Scaled(PerceiverLinear.Affine(keys, query.Weight.t(), null), keys.shape[^1]);
        return Attend(queries, mappedKeys, output.forward(values), bias is null ? offset : bias.Plus(offset));
    }

    // The kernel divides by the root of the channels of its arguments.
    private static Tensor Scaled(Tensor x, long channels) => x.mul_(Scalars.Kept(Math.Sqrt(x.shape[^1] / (double)channels)));

    private static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? bias)
    {
        var keys = key.unsqueeze(1);
        var values = ReferenceEquals(key, value) ? keys : value.unsqueeze(1);
        var (context, _) = AttentionKernel.Attend(
            query.unsqueeze(1), keys, values, bias, headMask: null, dropout: 0, wantProbabilities: false);
        return context.squeeze(1);
    }
}
