using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What an image classification keeps in a model file beside the model itself.</summary>
internal sealed record ImageClassificationSettings : ImageStageSettings
{
    [JsonConstructor]
    public ImageClassificationSettings()
    {
    }

    [SetsRequiredMembers]
    internal ImageClassificationSettings(
        PerceiverImageClassificationOptions options, PerceiverImageProcessorOptions processor, PerceiverProblemType problem, LabelSet labels) : base(options, processor)
    {
        ScoreColumnName = options.ScoreColumnName;
        PredictedLabelColumnName = options.PredictedLabelColumnName;
        Top = ((IClassificationOptions)options).Top;
        Problem = problem;
        Labels = labels.ToData();
    }

    public required string ScoreColumnName { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    public TopColumns? Top { get; init; }

    public required PerceiverProblemType Problem { get; init; }

    public required LabelSetData Labels { get; init; }
}
