using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What every stage keeps in a model file beside the model itself. The device is none of it: it is chosen where the model is loaded.</summary>
internal abstract record StageSettings : IStageSettings
{
    [JsonConstructor]
    protected StageSettings()
    {
    }

    [SetsRequiredMembers]
    protected StageSettings(PerceiverOptions options)
    {
        Precision = options.Precision;
        BatchSize = options.BatchSize;
        MaxMemoryBytes = options.MaxMemoryBytes;
        WeightsFile = options.WeightsFile is { } path ? Path.GetFullPath(path) : null;
    }

    public required PerceiverPrecision Precision { get; init; }

    public required int BatchSize { get; init; }

    public long? MaxMemoryBytes { get; init; }

    /// <summary>The file of the weights; null where the model file has them.</summary>
    public string? WeightsFile { get; init; }
}
