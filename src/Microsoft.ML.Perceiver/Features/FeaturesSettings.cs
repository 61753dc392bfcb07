using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What features keep in a model file beside the model itself.</summary>
internal sealed record FeaturesSettings : TextStageSettings
{
    [JsonConstructor]
    public FeaturesSettings()
    {
    }

    [SetsRequiredMembers]
    internal FeaturesSettings(PerceiverFeaturesOptions options, int maxLength) : base(options, maxLength)
    {
        OutputColumnName = options.OutputColumnName;
        Kind = options.Kind;
    }

    public required string OutputColumnName { get; init; }

    public required PerceiverFeaturesKind Kind { get; init; }
}
