using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What a fill-mask keeps in a model file beside the model itself.</summary>
internal sealed record FillMaskSettings : TextStageSettings
{
    [JsonConstructor]
    public FillMaskSettings()
    {
    }

    [SetsRequiredMembers]
    internal FillMaskSettings(PerceiverFillMaskOptions options, int maxLength) : base(options, maxLength)
    {
        OutputColumnName = options.OutputColumnName;
        FillingsColumnName = options.FillingsColumnName;
        LogProbabilitiesColumnName = options.LogProbabilitiesColumnName;
        TopK = options.TopK;
        Decoding = options.Decoding;
        BeamWidth = options.BeamWidth;
    }

    public required string OutputColumnName { get; init; }

    public required string FillingsColumnName { get; init; }

    public required string LogProbabilitiesColumnName { get; init; }

    public required int TopK { get; init; }

    public required PerceiverFillMaskDecoding Decoding { get; init; }

    public required int BeamWidth { get; init; }
}
