namespace Microsoft.ML.Perceiver;

/// <summary>What a fill-mask keeps in a model file beside the model itself.</summary>
internal sealed record FillMaskSettings
{
    public required string TextColumnName { get; init; }

    public required string OutputColumnName { get; init; }

    public required string FillingsColumnName { get; init; }

    public required string LogProbabilitiesColumnName { get; init; }

    public required int TopK { get; init; }

    public required FillMaskDecoding Decoding { get; init; }

    public required int BeamWidth { get; init; }

    public required int MaxLength { get; init; }

    public required LongTextHandling LongText { get; init; }

    public required PerceiverPrecision Precision { get; init; }

    public required int BatchSize { get; init; }

    public long? MaxMemoryBytes { get; init; }

    internal static FillMaskSettings From(PerceiverFillMaskOptions options, int maxLength) => new()
    {
        TextColumnName = options.TextColumnName,
        OutputColumnName = options.OutputColumnName,
        FillingsColumnName = options.FillingsColumnName,
        LogProbabilitiesColumnName = options.LogProbabilitiesColumnName,
        TopK = options.TopK,
        Decoding = options.Decoding,
        BeamWidth = options.BeamWidth,
        MaxLength = maxLength,
        LongText = options.LongText,
        Precision = options.Precision,
        BatchSize = options.BatchSize,
        MaxMemoryBytes = options.MaxMemoryBytes,
    };
}
