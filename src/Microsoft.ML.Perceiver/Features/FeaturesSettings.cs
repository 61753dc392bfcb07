namespace Microsoft.ML.Perceiver;

/// <summary>What features keep in a model file beside the model itself: the settings of texts or of pictures.</summary>
internal sealed record FeaturesSettings
{
    public required string OutputColumnName { get; init; }

    public required PerceiverFeaturesKind Kind { get; init; }

    /// <summary>How texts are read; null where pictures are.</summary>
    public TextFeaturesSettings? Text { get; init; }

    /// <summary>How pictures are read; null where texts are.</summary>
    public ImageFeaturesSettings? Image { get; init; }
}
