using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What optical flow keeps in a model file beside the model itself.</summary>
internal sealed record OpticalFlowSettings : StageSettings
{
    [JsonConstructor]
    public OpticalFlowSettings()
    {
    }

    [SetsRequiredMembers]
    internal OpticalFlowSettings(PerceiverOpticalFlowOptions options, PerceiverOpticalFlowPredictorOptions flow) : base(options)
    {
        FirstImageColumnName = options.FirstImageColumnName;
        SecondImageColumnName = options.SecondImageColumnName;
        FlowColumnName = options.FlowColumnName;
        HeightColumnName = options.HeightColumnName;
        WidthColumnName = options.WidthColumnName;
        FlowImageColumnName = options.FlowImageColumnName;
        FlowImageMaxMotion = options.FlowImageMaxMotion;
        Flow = flow;
    }

    public required string FirstImageColumnName { get; init; }

    public required string SecondImageColumnName { get; init; }

    public required string FlowColumnName { get; init; }

    public required string HeightColumnName { get; init; }

    public required string WidthColumnName { get; init; }

    public string? FlowImageColumnName { get; init; }

    public double? FlowImageMaxMotion { get; init; }

    public required PerceiverOpticalFlowPredictorOptions Flow { get; init; }

    /// <summary>The columns that are written.</summary>
    internal IReadOnlyList<OutputColumn> Outputs => FlowColumns.Of(FlowColumnName, HeightColumnName, WidthColumnName, FlowImageColumnName);
}
