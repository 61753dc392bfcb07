using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What features of texts keep in a model file beside the model itself.</summary>
internal sealed record TextFeaturesSettings : TextStageSettings
{
    [JsonConstructor]
    public TextFeaturesSettings()
    {
    }

    [SetsRequiredMembers]
    internal TextFeaturesSettings(PerceiverFeaturesOptions options, int maxLength) : base(options, maxLength)
    {
    }
}
