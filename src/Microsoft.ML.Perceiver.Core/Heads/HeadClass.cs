namespace Microsoft.ML.Perceiver;

/// <summary>A head by the name that configurations give it.</summary>
/// <param name="Name">The name of its class, the same here and in the reference.</param>
/// <param name="Create">Makes it from a configuration: with random weights of a seed, or without weights.</param>
/// <param name="ImagePreprocessor">The settings of its image preprocessor; null for a head that is no image classifier.</param>
internal sealed record HeadClass(
    string Name,
    Func<PerceiverConfig, bool, long, PerceiverPreTrainedModel> Create,
    Func<PerceiverConfig, PerceiverImagePreprocessorOptions>? ImagePreprocessor = null)
{
    /// <summary>All heads; a configuration can only name these.</summary>
    internal static IReadOnlyList<HeadClass> All { get; } =
    [
        new(nameof(PerceiverForMaskedLM), (c, initialize, seed) => new PerceiverForMaskedLM(c, initialize, seed)),
        new(
            nameof(PerceiverForSequenceClassification),
            (c, initialize, seed) => new PerceiverForSequenceClassification(c, initialize, seed)),
        new(nameof(PerceiverForTokenClassification), (c, initialize, seed) => new PerceiverForTokenClassification(c, initialize, seed)),
        new(nameof(PerceiverForQuestionAnswering), (c, initialize, seed) => new PerceiverForQuestionAnswering(c, initialize, seed)),
        new(nameof(PerceiverForSentenceEmbedding), (c, initialize, seed) => new PerceiverForSentenceEmbedding(c, initialize, seed)),
        new(
            nameof(PerceiverForImageClassificationLearned),
            (c, initialize, seed) => new PerceiverForImageClassificationLearned(c, initialize, seed),
            PerceiverForImageClassificationLearned.Preprocessor),
        new(
            nameof(PerceiverForImageClassificationFourier),
            (c, initialize, seed) => new PerceiverForImageClassificationFourier(c, initialize, seed),
            PerceiverForImageClassificationFourier.Preprocessor),
        new(
            nameof(PerceiverForImageClassificationConvProcessing),
            (c, initialize, seed) => new PerceiverForImageClassificationConvProcessing(c, initialize, seed),
            PerceiverForImageClassificationConvProcessing.Preprocessor),
        new(nameof(PerceiverForObjectDetection), (c, initialize, seed) => new PerceiverForObjectDetection(c, initialize, seed)),
        new(nameof(PerceiverForOpticalFlow), (c, initialize, seed) => new PerceiverForOpticalFlow(c, initialize, seed)),
        new(
            nameof(PerceiverForMultimodalAutoencoding),
            (c, initialize, seed) => new PerceiverForMultimodalAutoencoding(c, initialize, seed)),
        new(nameof(PerceiverForArray), (c, initialize, seed) => new PerceiverForArray(c, initialize, seed)),
    ];

    /// <summary>The head that a configuration's architecture names; null where it names none of them.</summary>
    internal static HeadClass? Of(PerceiverConfig config) => NameOf(config) is { } name ? All.FirstOrDefault(h => h.Name == name) : null;

    /// <summary>A configuration's architecture, for messages.</summary>
    internal static string Described(PerceiverConfig config) => NameOf(config) is { } name ? $"'{name}'" : "not given";

    private static string? NameOf(PerceiverConfig config) => config.Architectures is [var first, ..] ? first : null;
}
