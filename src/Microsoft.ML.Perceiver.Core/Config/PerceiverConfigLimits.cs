namespace Microsoft.ML.Perceiver;

/// <summary>
/// The largest numbers that a configuration may have. They are far above those of the published models; a number beyond them is a mistake
/// or an attack, and would be paid with memory or time before any weight is compared.
/// </summary>
internal static class PerceiverConfigLimits
{
    /// <summary>Latents, token ids, positions and labels.</summary>
    internal const int Rows = 1 << 20;

    /// <summary>Channels of any vector.</summary>
    internal const int Channels = 1 << 16;

    /// <summary>Heads of an attention.</summary>
    internal const int Heads = 1024;

    /// <summary>Widening factors of the feed-forward layers.</summary>
    internal const int Widening = 64;

    /// <summary>How often the block is run.</summary>
    internal const int Blocks = 256;

    /// <summary>Self-attention layers of a block.</summary>
    internal const int LayersPerBlock = 512;

    /// <summary>Self-attention layers of all blocks.</summary>
    internal const int Layers = 4096;

    /// <summary>Height or width of an image or a frame, in pixels.</summary>
    internal const int Side = 1 << 14;

    /// <summary>Pixels of a frame.</summary>
    internal const long FramePixels = 1 << 24;

    /// <summary>Frames of a video.</summary>
    internal const int Frames = 1 << 12;

    /// <summary>Pixels of all frames of a video.</summary>
    internal const long VideoPixels = 1 << 26;

    /// <summary>Audio samples of a frame, and of a patch.</summary>
    internal const int FrameSamples = 1 << 20;

    /// <summary>Audio samples of a video.</summary>
    internal const long VideoSamples = 1 << 24;

    /// <summary>Parameters of a model: 64 GB in float32.</summary>
    internal const long Parameters = 1L << 34;

    /// <summary>Checks all keys, also those that the model's head does not read.</summary>
    /// <exception cref="ArgumentException">A number is above its limit; the message names the key and the limit.</exception>
    internal static void Check(PerceiverConfig c)
    {
        AtMost(c.NumLatents, Rows, "num_latents");
        AtMost(c.VocabularySize, Rows, "vocab_size");
        AtMost(c.MaxPositionEmbeddings, Rows, "max_position_embeddings");
        AtMost(c.NumLabels, Rows, "num_labels");
        AtMost(c.LatentChannels, Channels, "d_latents");
        AtMost(c.ModelChannels, Channels, "d_model");
        AtMost(c.QueryKeyChannels ?? 0, Channels, "qk_channels");
        AtMost(c.ValueChannels ?? 0, Channels, "v_channels");
        AtMost(c.OutputNumChannels, Channels, "output_num_channels");
        AtMost(c.LabelTrainableNumChannels, Channels, "_label_trainable_num_channels");
        AtMost(c.EmbeddingSize ?? 0, Channels, "embedding_size");
        AtMost(c.NumQueries ?? 0, Rows, "num_queries");
        AtMost(c.Ngrams?.Buckets ?? 0, Rows, "ngrams.buckets");
        AtMost(c.Ngrams?.Channels ?? 0, Channels, "ngrams.channels");
        AtMost(c.NumSelfAttentionHeads, Heads, "num_self_attention_heads");
        AtMost(c.NumCrossAttentionHeads, Heads, "num_cross_attention_heads");
        AtMost(c.SelfAttentionWideningFactor, Widening, "self_attention_widening_factor");
        AtMost(c.CrossAttentionWideningFactor, Widening, "cross_attention_widening_factor");
        AtMost(c.NumBlocks, Blocks, "num_blocks");
        AtMost(c.NumSelfAttendsPerBlock, LayersPerBlock, "num_self_attends_per_block");
        AtMost((long)c.NumBlocks * c.NumSelfAttendsPerBlock, Layers, "num_blocks times num_self_attends_per_block");
        CheckImages(c);
        CheckVideo(c);
    }

    private static void CheckImages(PerceiverConfig c)
    {
        AtMost(c.ImageSize, Side, "image_size");
        AtMost((long)c.ImageSize * c.ImageSize, FramePixels, "image_size times image_size");
        AtMostAxes(c.TrainSize, 2, "train_size");
        foreach (int side in c.TrainSize)
            AtMost(side, Side, "train_size");
        AtMost(Product(c.TrainSize), FramePixels, "the product of train_size");
    }

    private static void CheckVideo(PerceiverConfig c)
    {
        AtMost(c.NumFrames, Frames, "num_frames");
        AtMost(c.AudioSamplesPerFrame, FrameSamples, "audio_samples_per_frame");
        AtMost(c.SamplesPerPatch, FrameSamples, "samples_per_patch");
        AtMost((long)c.NumFrames * c.AudioSamplesPerFrame, VideoSamples, "num_frames times audio_samples_per_frame");
        AtMostAxes(c.OutputShape, 4, "output_shape");
        foreach (int extent in c.OutputShape)
            AtMost(extent, Side, "output_shape");
        AtMost(Product(c.OutputShape), VideoPixels, "the product of output_shape");
    }

    // Of extents that were compared with their limit, at most four: the product of larger ones could overflow.
    private static long Product(IReadOnlyList<int> extents) => extents.Aggregate(1L, (product, n) => product * Math.Max(n, 0));

    private static void AtMostAxes(IReadOnlyList<int> extents, int axes, string key)
    {
        if (extents.Count > axes)
            throw new ArgumentException($"{key} has {extents.Count} numbers; the limit is {axes}.");
    }

    private static void AtMost(long value, long limit, string key)
    {
        if (value > limit)
            throw new ArgumentException($"{key} is {value}; the limit is {limit}.");
    }
}
