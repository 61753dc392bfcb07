using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What features keep in a model file beside the model itself: the settings of texts or of pictures.</summary>
internal sealed record FeaturesSettings : IStageSettings
{
    public required string OutputColumnName { get; init; }

    public required PerceiverFeaturesKind Kind { get; init; }

    [JsonIgnore]
    public PerceiverPrecision Precision => ((StageSettings?)Text ?? Image!).Precision;

    /// <summary>How texts are read; null where pictures are.</summary>
    public TextFeaturesSettings? Text { get; init; }

    /// <summary>How pictures are read; null where texts are.</summary>
    public ImageFeaturesSettings? Image { get; init; }
}
