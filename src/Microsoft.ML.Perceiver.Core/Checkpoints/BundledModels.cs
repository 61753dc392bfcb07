namespace Microsoft.ML.Perceiver.Models;

/// <summary>
/// The names of the models of the package Microsoft.ML.Perceiver.Models, for <see cref="PerceiverCheckpoint.Bundled"/>. Each is in a
/// package of its own too, and has a card, README.md, in its folder.
/// </summary>
public static class BundledModels
{
    /// <summary>
    /// A masked language model of English over bytes, for texts of up to 256 tokens (<see cref="PerceiverForMaskedLM"/>).
    /// </summary>
    public const string MiniLanguage = "perceiver-mini-language";

    /// <summary>
    /// A classifier of photographs of clothes in 10 classes, for images of 64 x 64 pixels
    /// (<see cref="PerceiverForImageClassificationConvProcessing"/>).
    /// </summary>
    public const string MiniClothing = "perceiver-mini-clothing";

    /// <summary>
    /// A classifier of short English text messages, "ham" or "spam", for texts of up to 512 tokens
    /// (<see cref="PerceiverForSequenceClassification"/>).
    /// </summary>
    public const string MiniSpam = "perceiver-mini-spam";

    /// <summary>
    /// Vectors of English texts, near each other where the texts mean the same (<see cref="PerceiverForSentenceEmbedding"/>).
    /// </summary>
    public const string MiniSentence = "perceiver-mini-sentence";

    /// <summary>Optical flow between frames of any size (<see cref="PerceiverForOpticalFlow"/>).</summary>
    public const string MiniFlow = "perceiver-mini-flow";

    /// <summary>
    /// Video with audio given back through latents, in windows of 16 frames of 64 x 64 (<see cref="PerceiverForMultimodalAutoencoding"/>).
    /// </summary>
    public const string MiniVideo = "perceiver-mini-video";

    /// <summary>The package of each model, after "Microsoft.ML.Perceiver.Models.".</summary>
    internal static IReadOnlyDictionary<string, string> Packages { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [MiniLanguage] = "Language",
        [MiniClothing] = "Clothing",
        [MiniSpam] = "Spam",
        [MiniSentence] = "Sentence",
        [MiniFlow] = "Flow",
        [MiniVideo] = "Video",
    };
}
