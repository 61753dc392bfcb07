using System.Text.Json.Serialization;

namespace BatchScore.Planning;

/// <summary>What decides the outputs. It is kept with the plan: a run that goes on must ask for the same.</summary>
internal sealed record JobOptions
{
    /// <summary>The SHA-256 of the model's file, in hexadecimal.</summary>
    [JsonPropertyName("SHA-256 of --model")]
    public required string ModelHash { get; init; }

    /// <summary>How rows are found in the inputs.</summary>
    [JsonPropertyName("--format")]
    public required string Format { get; init; }

    /// <summary>What separates the fields of csv; null: a tab in .tsv files, otherwise a comma.</summary>
    [JsonPropertyName("--delimiter")]
    public char? Delimiter { get; init; }

    /// <summary>Which fields the model's columns are made of, where it is not the field of the same name.</summary>
    [JsonPropertyName("--column")]
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The model's column of images, which ML.NET does not save with the others; null for none.</summary>
    [JsonPropertyName("--image-column")]
    public string? ImageColumn { get; init; }

    /// <summary>The columns to write; none: the usual ones.</summary>
    [JsonPropertyName("--outputs")]
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>The format of the outputs.</summary>
    [JsonPropertyName("--out-format")]
    public string OutFormat { get; init; } = "tsv";

    /// <summary>How many rows a shard has, but for the last.</summary>
    [JsonPropertyName("--rows-per-shard")]
    public int RowsPerShard { get; init; } = 10_000;

    /// <summary>Whether rows that cannot be scored are left out and listed.</summary>
    [JsonPropertyName("--skip-bad")]
    public bool SkipBad { get; init; }
}
