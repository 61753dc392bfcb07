namespace Microsoft.ML.Perceiver;

/// <summary>The heads' class names, as configurations have them in <c>architectures</c>, for code below the heads themselves.</summary>
internal static class HeadNames
{
    /// <summary>The model without a head; a class behind it in <c>architectures</c> says which preprocessor it has.</summary>
    internal const string None = "PerceiverModel";

    /// <summary>The head of arrays of any kind, which the reference does not have.</summary>
    internal const string Array = "PerceiverForArray";

    internal const string ObjectDetection = "PerceiverForObjectDetection";
    internal const string OpticalFlow = "PerceiverForOpticalFlow";
    internal const string SentenceEmbedding = "PerceiverForSentenceEmbedding";
    internal const string Multimodal = "PerceiverForMultimodalAutoencoding";

    /// <summary>The heads that read texts; they share preprocessor and encoder.</summary>
    internal static IReadOnlyList<string> Texts { get; } =
    [
        "PerceiverForMaskedLM", "PerceiverForSequenceClassification", "PerceiverForTokenClassification", SentenceEmbedding,
        "PerceiverForQuestionAnswering",
    ];

    /// <summary>The heads that classify images; their preprocessors differ.</summary>
    internal static IReadOnlyList<string> Images { get; } =
    [
        "PerceiverForImageClassificationLearned",
        "PerceiverForImageClassificationFourier",
        "PerceiverForImageClassificationConvProcessing",
    ];

    /// <summary>All heads.</summary>
    internal static IReadOnlyList<string> All { get; } = [.. Texts, .. Images, ObjectDetection, OpticalFlow, Multimodal, Array];

    /// <summary>
    /// The image classifier that a configuration names, or whose preprocessor the model without a head has; null where it names none.
    /// </summary>
    internal static string? ImagesOf(PerceiverConfig config) =>
        config.Architectures?.FirstOrDefault(name => name != None) is { } head && Images.Contains(head) ? head : null;

    /// <summary>The head that a configuration's architecture names; null where it names none of them.</summary>
    internal static string? Of(PerceiverConfig config) => config.Architectures is [var first, ..] && All.Contains(first) ? first : null;
}
