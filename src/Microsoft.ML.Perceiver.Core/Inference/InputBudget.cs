namespace Microsoft.ML.Perceiver;

/// <summary>How many inputs (tokens, pixels, patches) of all rows of a batch fit into a limit of memory.</summary>
internal static class InputBudget
{
    /// <summary>The number of inputs that fit, each of which needs a vector, key and value, and attention scores.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="channels">Width of an input.</param>
    /// <param name="maxMemoryBytes">The limit; null for none.</param>
    internal static long Of(PerceiverConfig config, int channels, long? maxMemoryBytes)
    {
        if (maxMemoryBytes is not { } bytes)
            return long.MaxValue;
        long attention = (long)config.NumLatents * config.NumCrossAttentionHeads;
        long perInput = sizeof(float) * (4L * channels + 4L * config.LatentChannels + attention);
        return Math.Max(1, bytes / perInput);
    }
}
