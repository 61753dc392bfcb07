using Microsoft.ML.Perceiver;

namespace Pretrain;

/// <summary>The model perceiver-mini-language and how it is trained; its card explains the choices.</summary>
internal static class Recipe
{
    /// <summary>3.3 million parameters: each of 128 latents begins at home over two of 256 bytes.</summary>
    public static PerceiverConfig Config { get; } = new()
    {
        NumLatents = 128,
        LatentChannels = 256,
        ModelChannels = 192,
        NumSelfAttendsPerBlock = 3,
        NumSelfAttentionHeads = 8,
        NumCrossAttentionHeads = 8,
        SelfAttentionWideningFactor = 4,
        CrossAttentionWideningFactor = 2,
        MaxPositionEmbeddings = 256,
        AttentionDropout = 0,
    };

    public static PerceiverTrainingOptions Training { get; } = new()
    {
        Epochs = 12,
        BatchSize = 32,
        LearningRate = 3e-3,
        WarmupFraction = 0.03,
        Beta2 = 0.98,
        WeightDecay = 0.05,
        Precision = PerceiverPrecisions.Fastest(),
        EvaluateEverySteps = 1000,
    };

    public static MaskedLanguageOptions Masking { get; } = new() { MaskProbability = 0.15 };
}
