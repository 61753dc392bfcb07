namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Floating-point operations of the parts of a Perceiver, an addition and a multiplication counted as two; only matrix products are.
/// </summary>
internal static class Work
{
    /// <summary>An affine map of rows.</summary>
    internal static double Linear(double rows, double inputs, double outputs) => 2 * rows * inputs * outputs;

    /// <summary>A layer of cross-attention with its feed-forward part.</summary>
    /// <param name="queries">Queries, which do not depend on the input where <paramref name="queryChannels"/> is negative.</param>
    /// <param name="queryChannels">Their width.</param>
    /// <param name="inputs">What keys and values are computed from.</param>
    /// <param name="inputChannels">Its width.</param>
    /// <param name="keyChannels">Width of queries and keys.</param>
    /// <param name="valueChannels">Width of values.</param>
    /// <param name="widening">The feed-forward part's widening.</param>
    /// <param name="constantQuery">Whether the queries are the same for all inputs, so that their map is needed once.</param>
    internal static double Cross(
        double queries,
        double queryChannels,
        double inputs,
        double inputChannels,
        double keyChannels,
        double valueChannels,
        double widening,
        bool constantQuery) =>
        (constantQuery ? 0 : Linear(queries, queryChannels, keyChannels))
        + Linear(inputs, inputChannels, keyChannels + valueChannels)
        + (2 * queries * inputs * (keyChannels + valueChannels))
        + Linear(queries, valueChannels, queryChannels)
        + (2 * Linear(queries, queryChannels, widening * queryChannels));

    /// <summary>The encoder of a configuration for so many inputs.</summary>
    internal static double Encoder(PerceiverConfig c, double inputs, double inputChannels)
    {
        double latents = c.NumLatents, width = c.LatentChannels;
        double crossKeys = c.QueryKeyChannels ?? (c.CrossAttentionShape == "q" ? width : inputChannels);
        double crossValues = c.ValueChannels ?? crossKeys;
        double keys = c.QueryKeyChannels ?? width, values = c.ValueChannels ?? keys;
        double layer = Linear(latents, width, (2 * keys) + values)
            + (2 * latents * latents * (keys + values))
            + Linear(latents, values, width)
            + (2 * Linear(latents, width, c.SelfAttentionWideningFactor * width));
        return Cross(latents, width, inputs, inputChannels, crossKeys, crossValues, c.CrossAttentionWideningFactor, constantQuery: true)
            + (c.NumBlocks * c.NumSelfAttendsPerBlock * layer);
    }
}
