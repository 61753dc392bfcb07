namespace Microsoft.ML.Perceiver;

/// <summary>The widths of an attention, resolved by the reference's rules (<c>PerceiverAttention.__init__</c>).</summary>
internal sealed record AttentionShape
{
    private AttentionShape()
    {
    }

    internal required bool IsCrossAttention { get; init; }

    internal required int Heads { get; init; }

    /// <summary>Width of what the queries are made of, and of the result of a cross-attention.</summary>
    internal required int QueryChannels { get; init; }

    /// <summary>Width of what the keys and values are made of.</summary>
    internal required int InputChannels { get; init; }

    internal required int QueryKeyChannels { get; init; }

    internal required int ValueChannels { get; init; }

    /// <summary>Width of the result: a cross-attention keeps its query's, a self-attention has that of its values.</summary>
    internal int OutputChannels => IsCrossAttention ? QueryChannels : ValueChannels;

    internal static AttentionShape Cross(
        PerceiverConfig config, int heads, int queryChannels, int inputChannels, int? queryKeyChannels, int? valueChannels)
    {
        int defaultWidth = config.CrossAttentionShape == "q" ? queryChannels : inputChannels;
        return Create(true, heads, queryChannels, inputChannels, queryKeyChannels ?? defaultWidth, valueChannels);
    }

    internal static AttentionShape Self(int heads, int channels, int? queryKeyChannels, int? valueChannels) =>
        Create(false, heads, channels, channels, queryKeyChannels ?? channels, valueChannels);

    private static AttentionShape Create(
        bool cross, int heads, int queryChannels, int inputChannels, int queryKeyChannels, int? valueChannels)
    {
        int values = valueChannels ?? queryKeyChannels;
        if (heads <= 0)
            throw new ArgumentException($"The number of attention heads is {heads}; it must be positive.");
        if (queryKeyChannels <= 0 || queryKeyChannels % heads != 0)
            throw new ArgumentException($"The query and key width of {queryKeyChannels} cannot be divided into {heads} attention heads.");
        if (values <= 0 || values % heads != 0)
            throw new ArgumentException($"The value width of {values} cannot be divided into {heads} attention heads.");
        if (!cross && values != queryChannels)
        {
            throw new ArgumentException(
                $"Self-attention adds its result of width {values} to latents of width {queryChannels}; "
                + $"set v_channels to {queryChannels}.");
        }

        return new AttentionShape
        {
            IsCrossAttention = cross,
            Heads = heads,
            QueryChannels = queryChannels,
            InputChannels = inputChannels,
            QueryKeyChannels = queryKeyChannels,
            ValueChannels = values,
        };
    }
}
