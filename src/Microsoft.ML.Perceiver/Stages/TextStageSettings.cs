using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What every text stage keeps in a model file beside the model itself. The device is none of it: it is chosen where the model is loaded.</summary>
internal abstract record TextStageSettings
{
    [JsonConstructor]
    protected TextStageSettings()
    {
    }

    [SetsRequiredMembers]
    protected TextStageSettings(PerceiverTextOptions options, int maxLength)
    {
        TextColumnName = options.TextColumnName;
        MaxLength = maxLength;
        LongText = options.LongText;
        Precision = options.Precision;
        BatchSize = options.BatchSize;
        MaxMemoryBytes = options.MaxMemoryBytes;
    }

    public required string TextColumnName { get; init; }

    public required int MaxLength { get; init; }

    public required LongTextHandling LongText { get; init; }

    public required PerceiverPrecision Precision { get; init; }

    public required int BatchSize { get; init; }

    public long? MaxMemoryBytes { get; init; }
}
