using Microsoft.ML.Perceiver;

namespace VideoAutoencoder;

/// <summary>The model perceiver-mini-video and how it is trained; its card explains the choices.</summary>
internal static class Recipe
{
    /// <summary>Frames that the model reads together.</summary>
    public const int Window = 16;

    // 576 latents for the images, 4 x 12 x 12, and one for each of the 40 patches of audio.
    public static PerceiverConfig Config { get; } = new()
    {
        NumLatents = 616,
        LatentChannels = 192,
        ModelChannels = 645,
        NumSelfAttendsPerBlock = 2,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 8,
        QueryKeyChannels = 128,
        ValueChannels = 192,
        CrossAttentionWideningFactor = 2,
        SelfAttentionWideningFactor = 2,
        AttentionDropout = 0,
        NumFrames = Window,
        OutputShape = [1, Window, 64, 64],
        ImageSize = 64,
        AudioSamplesPerFrame = 640,
        SamplesPerPatch = 256,
        OutputNumChannels = 128,
        LabelTrainableNumChannels = 16,
        InitializerRange = 0.05,
    };

    public static PerceiverAutoencodingOptions Autoencoding { get; } = new()
    {
        // So that both begin at a like loss. The label is the shot, which is never told.
        Weights = new PerceiverAutoencodingWeights(Image: 10, Audio: 4, Label: 0.02),
        ImagePoints = 1536,
        LabelMask = 1,
    };

    public static PerceiverTrainingOptions Training { get; } = new()
    {
        Epochs = 10,
        BatchSize = 4,
        LearningRate = 1e-3,
        WarmupFraction = 0.05,
        WeightDecay = 0.01,
        WeightAverageDecay = 0.99,
        Precision = PerceiverPrecisions.Fastest(),
    };
}
