using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What features of pictures keep in a model file beside the model itself.</summary>
internal sealed record ImageFeaturesSettings : ImageStageSettings
{
    [JsonConstructor]
    public ImageFeaturesSettings()
    {
    }

    [SetsRequiredMembers]
    internal ImageFeaturesSettings(PerceiverImageOptions options, PerceiverImageProcessorOptions processor, string architecture) : base(options, processor) =>
        Architecture = architecture;

    /// <summary>The classifier whose preprocessor the model has.</summary>
    public required string Architecture { get; init; }
}
