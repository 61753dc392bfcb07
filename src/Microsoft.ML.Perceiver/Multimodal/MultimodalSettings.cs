using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What a multimodal stage keeps in a model file beside the model itself.</summary>
internal sealed record MultimodalSettings : StageSettings
{
    [JsonConstructor]
    public MultimodalSettings()
    {
    }

    [SetsRequiredMembers]
    internal MultimodalSettings(PerceiverMultimodalOptions options, LabelSet labels) : base(options)
    {
        FramesColumnName = options.FramesColumnName;
        FrameColumnNames = options.FrameColumnNames;
        AudioColumnName = options.AudioColumnName;
        PixelHeight = options.PixelHeight;
        PixelWidth = options.PixelWidth;
        ReconstructedFramesColumnName = options.ReconstructedFramesColumnName;
        ReconstructedAudioColumnName = options.ReconstructedAudioColumnName;
        ScoreColumnName = options.ScoreColumnName;
        PredictedLabelColumnName = options.PredictedLabelColumnName;
        Labels = labels.ToData();
    }

    public required string FramesColumnName { get; init; }

    public IReadOnlyList<string>? FrameColumnNames { get; init; }

    public required string AudioColumnName { get; init; }

    public int? PixelHeight { get; init; }

    public int? PixelWidth { get; init; }

    /// <summary>Frames of every row; null where rows may differ.</summary>
    public int? FrameCount { get; init; }

    public required string ReconstructedFramesColumnName { get; init; }

    public required string ReconstructedAudioColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    public required LabelSetData Labels { get; init; }
}
