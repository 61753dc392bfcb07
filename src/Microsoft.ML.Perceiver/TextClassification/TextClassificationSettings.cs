namespace Microsoft.ML.Perceiver;

/// <summary>What a text classification keeps in a model file beside the model itself.</summary>
internal sealed record TextClassificationSettings
{
    public required string TextColumnName { get; init; }

    public string? SecondTextColumnName { get; init; }

    public required string ScoreColumnName { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    public required int MaxLength { get; init; }

    public required LongTextHandling LongText { get; init; }

    public required PerceiverPrecision Precision { get; init; }

    public required int BatchSize { get; init; }

    public long? MaxMemoryBytes { get; init; }

    public required ProblemType Problem { get; init; }

    public required LabelSetData Labels { get; init; }

    internal static TextClassificationSettings From(PerceiverTextClassificationOptions options, int maxLength, ProblemType problem, LabelSet labels) => new()
    {
        TextColumnName = options.TextColumnName,
        SecondTextColumnName = options.SecondTextColumnName,
        ScoreColumnName = options.ScoreColumnName,
        PredictedLabelColumnName = options.PredictedLabelColumnName,
        MaxLength = maxLength,
        LongText = options.LongText,
        Precision = options.Precision,
        BatchSize = options.BatchSize,
        MaxMemoryBytes = options.MaxMemoryBytes,
        Problem = problem,
        Labels = labels.ToData(),
    };
}
