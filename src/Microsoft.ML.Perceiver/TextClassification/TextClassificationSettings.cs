using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What a text classification keeps in a model file beside the model itself.</summary>
internal sealed record TextClassificationSettings : TextStageSettings
{
    [JsonConstructor]
    public TextClassificationSettings()
    {
    }

    [SetsRequiredMembers]
    internal TextClassificationSettings(PerceiverTextClassificationOptions options, int maxLength, PerceiverProblemType problem, LabelSet labels) : base(options, maxLength)
    {
        SecondTextColumnName = options.SecondTextColumnName;
        ScoreColumnName = options.ScoreColumnName;
        PredictedLabelColumnName = options.PredictedLabelColumnName;
        Problem = problem;
        Labels = labels.ToData();
    }

    public string? SecondTextColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    public required PerceiverProblemType Problem { get; init; }

    public required LabelSetData Labels { get; init; }
}
