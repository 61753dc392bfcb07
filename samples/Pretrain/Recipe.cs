using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace Pretrain;

/// <summary>A masked language model over bytes and how it is trained.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Config">The model.</param>
/// <param name="Training">The training.</param>
internal sealed record Recipe(string Name, PerceiverConfig Config, PerceiverTrainingOptions Training)
{
    /// <summary>
    /// The bundled model: 3.3 million parameters, each of 128 latents is anchored at two of 256 bytes. Its card explains the choices.
    /// </summary>
    public static Recipe Full { get; } = new(
        BundledModels.MiniLanguage,
        new PerceiverConfig
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
        },
        new PerceiverTrainingOptions
        {
            Epochs = 12,
            BatchSize = 32,
            LearningRate = 3e-3,
            WarmupFraction = 0.03,
            Beta2 = 0.98,
            WeightDecay = 0.05,
            Precision = PerceiverPrecisions.Fastest(),
            EvaluateEverySteps = 1000,
        });

    /// <summary>
    /// The same with less of everything, for a first look: shorter texts, narrower and shallower, once through the texts.
    /// </summary>
    public static Recipe Short { get; } = new(
        "perceiver-short-language",
        Full.Config with
        {
            NumLatents = 64,
            LatentChannels = 128,
            ModelChannels = 96,
            NumSelfAttendsPerBlock = 2,
            MaxPositionEmbeddings = 128,
        },
        Full.Training with
        {
            Epochs = 1,
            Optimizer = PerceiverOptimizer.Muon,
            Beta1 = 0.95,
            WarmupFraction = 0.1,
            EvaluateEverySteps = 400,
            MaxDuration = TimeSpan.FromMinutes(3),
        });

    /// <summary>What is masked.</summary>
    public static PerceiverMaskedLanguageOptions Masking { get; } = new() { MaskProbability = 0.15 };
}
