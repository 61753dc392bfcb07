namespace Microsoft.ML.Perceiver;

/// <summary>What features keep in a model file beside the model itself.</summary>
internal sealed record FeaturesSettings
{
    public required string TextColumnName { get; init; }

    public required string OutputColumnName { get; init; }

    public required PerceiverFeaturesKind Kind { get; init; }

    public required int MaxLength { get; init; }

    public required LongTextHandling LongText { get; init; }

    public required PerceiverPrecision Precision { get; init; }

    public required int BatchSize { get; init; }

    public long? MaxMemoryBytes { get; init; }

    internal static FeaturesSettings From(PerceiverFeaturesOptions options, int maxLength) => new()
    {
        TextColumnName = options.TextColumnName,
        OutputColumnName = options.OutputColumnName,
        Kind = options.Kind,
        MaxLength = maxLength,
        LongText = options.LongText,
        Precision = options.Precision,
        BatchSize = options.BatchSize,
        MaxMemoryBytes = options.MaxMemoryBytes,
    };
}
