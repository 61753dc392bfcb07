namespace Microsoft.ML.Perceiver;

/// <summary>The six checkpoints that DeepMind published, by their names on the Hugging Face hub.</summary>
public static class PerceiverPublishedCheckpoints
{
    /// <summary>Masked language modelling over bytes.</summary>
    public static PerceiverPublishedCheckpoint Language { get; } = Of(
        "language-perceiver", "PerceiverForMaskedLM", 201_108_230, new() { QueryKeyChannels = 256, ValueChannels = 1280 });

    /// <summary>ImageNet's 1,000 classes, with learnt positions: images of 224 x 224 pixels.</summary>
    public static PerceiverPublishedCheckpoint VisionLearned { get; } = Of(
        "vision-perceiver-learned",
        "PerceiverForImageClassificationLearned", 62_255_848, Vision(512) with { ImageSize = 224 }, labels: 1000);

    /// <summary>ImageNet's 1,000 classes, with Fourier positions.</summary>
    public static PerceiverPublishedCheckpoint VisionFourier { get; } = Of(
        "vision-perceiver-fourier", "PerceiverForImageClassificationFourier", 48_440_627, Vision(261), labels: 1000);

    /// <summary>ImageNet's 1,000 classes, with a convolution before the Perceiver.</summary>
    public static PerceiverPublishedCheckpoint VisionConv { get; } = Of(
        "vision-perceiver-conv", "PerceiverForImageClassificationConvProcessing", 48_646_522, Vision(322), labels: 1000);

    /// <summary>Optical flow of two frames of 368 x 496 pixels.</summary>
    public static PerceiverPublishedCheckpoint OpticalFlow { get; } = Of(
        "optical-flow-perceiver",
        "PerceiverForOpticalFlow",
        41_057_134,
        new()
        {
            NumLatents = 2048,
            LatentChannels = 512,
            ModelChannels = 322,
            NumSelfAttendsPerBlock = 24,
            NumSelfAttentionHeads = 16,
            NumCrossAttentionHeads = 1,
        });

    /// <summary>An autoencoder of video, audio and one of Kinetics' 700 labels.</summary>
    public static PerceiverPublishedCheckpoint Multimodal { get; } = Of(
        "multimodal-perceiver",
        "PerceiverForMultimodalAutoencoding",
        19_858_855,
        new() { NumLatents = 784, LatentChannels = 512, ModelChannels = 704, NumSelfAttendsPerBlock = 8, NumCrossAttentionHeads = 1 },
        labels: 700);

    /// <summary>All six.</summary>
    public static IReadOnlyList<PerceiverPublishedCheckpoint> All { get; } =
        [Language, VisionLearned, VisionFourier, VisionConv, OpticalFlow, Multimodal];

    private static PerceiverConfig Vision(int modelChannels) => new()
    {
        NumLatents = 512,
        LatentChannels = 1024,
        ModelChannels = modelChannels,
        NumBlocks = 8,
        NumSelfAttendsPerBlock = 6,
        NumCrossAttentionHeads = 1,
    };

    private static PerceiverPublishedCheckpoint Of(
        string name, string architecture, long parameters, PerceiverConfig config, int labels = 2)
    {
        config = config with { Architectures = [architecture] };
        return new("deepmind/" + name, parameters, labels == 2 ? config : config.WithLabels(labels));
    }
}
