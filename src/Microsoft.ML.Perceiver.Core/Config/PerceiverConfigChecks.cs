using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>Checks of a configuration's numbers; the messages name the keys of the file.</summary>
internal static class PerceiverConfigChecks
{
    internal static void Check(PerceiverConfig c)
    {
        CheckLabelCount(c);
        PerceiverConfigLimits.Check(c);
        Positive(c.NumLatents, "num_latents");
        Positive(c.LatentChannels, "d_latents");
        Positive(c.ModelChannels, "d_model");
        Positive(c.NumBlocks, "num_blocks");
        Positive(c.NumSelfAttentionHeads, "num_self_attention_heads");
        Positive(c.NumCrossAttentionHeads, "num_cross_attention_heads");
        Positive(c.SelfAttentionWideningFactor, "self_attention_widening_factor");
        Positive(c.CrossAttentionWideningFactor, "cross_attention_widening_factor");
        Positive(c.VocabularySize, "vocab_size");
        Positive(c.MaxPositionEmbeddings, "max_position_embeddings");
        Positive(c.ImageSize, "image_size");
        Positive(c.NumLabels, "num_labels");
        Positive(c.EmbeddingSize ?? 1, "embedding_size");
        Positive(c.NumQueries ?? 1, "num_queries");
        Positive(c.QueryKeyChannels ?? 1, "qk_channels");
        Positive(c.ValueChannels ?? 1, "v_channels");
        if (c.NumSelfAttendsPerBlock < 0)
            throw new ArgumentException($"num_self_attends_per_block is {c.NumSelfAttendsPerBlock}; it must not be negative.");
        if (c.AttentionDropout is not (>= 0 and <= 1))
            throw new ArgumentException($"attention_probs_dropout_prob is {c.AttentionDropout}; it must be from 0 to 1.");
        if (c.InitializerRange is not (> 0 and < double.PositiveInfinity))
            throw new ArgumentException($"initializer_range is {c.InitializerRange}; it must be positive.");
        if (c.CrossAttentionShape is not ("kv" or "q"))
            throw new ArgumentException($"cross_attention_shape_for_attention is '{c.CrossAttentionShape}'; it must be 'kv' or 'q'.");
        if (c.SentencePooling is not (null or PerceiverConfig.MeanPooling or PerceiverConfig.QueryPooling))
            throw new ArgumentException($"sentence_pooling is '{c.SentencePooling}'; it must be 'mean' or 'query'.");
        if (c.Ngrams is { } ngrams)
            CheckNgrams(ngrams);
        if (c.Array is { } array)
            PerceiverArrayChecks.Check(array);
        Numbers(c.LabelMeans, c.NumLabels, "label_means", value => true, "finite");
        Numbers(c.LabelDeviations, c.NumLabels, "label_deviations", value => value > 0, "positive");
        if (c.LabelMeans is null != c.LabelDeviations is null)
            throw new ArgumentException("label_means and label_deviations must both be given, or neither.");
        Divides(c.NumSelfAttentionHeads, c.LatentChannels, "num_self_attention_heads", "d_latents");
        Divides(c.NumCrossAttentionHeads, c.LatentChannels, "num_cross_attention_heads", "d_latents");
        Activations.Find(c.HiddenActivation);
    }

    // The key has no property of its own, so that the parser has not seen to its type.
    private static void CheckLabelCount(PerceiverConfig c)
    {
        if (!c.OtherKeys.TryGetValue("num_labels", out var count) || count.ValueKind == JsonValueKind.Null)
            return;
        if (count.ValueKind != JsonValueKind.Number || !count.TryGetInt32(out _))
            throw new ArgumentException($"num_labels is {count.GetRawText()}; it must be a whole number of at most {int.MaxValue}.");
    }

    private static void CheckNgrams(PerceiverNgrams ngrams)
    {
        Positive(ngrams.Buckets, "ngrams.buckets");
        Positive(ngrams.Channels, "ngrams.channels");
        bool areSizes = ngrams.Sizes is { Count: > 0 and <= PerceiverNgrams.MostSizes } sizes
            && sizes.All(size => size is >= 2 and <= PerceiverNgrams.LongestRun) && sizes.Distinct().Count() == sizes.Count;
        if (!areSizes)
        {
            throw new ArgumentException(
                $"ngrams.sizes is [{string.Join(", ", ngrams.Sizes ?? [])}]; it must have 1 to {PerceiverNgrams.MostSizes} different "
                + $"lengths of 2 to {PerceiverNgrams.LongestRun} tokens.");
        }
    }

    private static void Positive(int value, string key)
    {
        if (value <= 0)
            throw new ArgumentException($"{key} is {value}; it must be positive.");
    }

    private static void Numbers(IReadOnlyList<double>? values, int count, string key, Predicate<double> isAllowed, string needed)
    {
        if (values is null)
            return;
        if (values.Count != count)
            throw new ArgumentException($"{key} has {values.Count} numbers; there are {count} labels.");
        if (values.Any(value => !double.IsFinite(value) || !isAllowed(value)))
            throw new ArgumentException($"{key} has {string.Join(", ", values)}; each must be {needed}.");
    }

    private static void Divides(int heads, int channels, string headsKey, string channelsKey)
    {
        if (channels % heads != 0)
            throw new ArgumentException($"{channelsKey} is {channels}, which {headsKey} = {heads} does not divide.");
    }
}
