using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The runs of tokens that a text model looks up besides single tokens, key <c>ngrams</c> of config.json. Not of the reference, which
/// ignores the key.
/// </summary>
public sealed record PerceiverNgrams
{
    internal const int MostSizes = 8, LongestRun = 32;

    /// <summary>The lengths of the runs in tokens, 1 to 8 different ones, each from 2 to 32.</summary>
    [JsonPropertyName("sizes")]
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>The rows of each length's table; runs whose hashes agree share one.</summary>
    [JsonPropertyName("buckets")]
    public required int Buckets { get; init; }

    /// <summary>Numbers of a row, which a linear map projects to the model's channels.</summary>
    [JsonPropertyName("channels")]
    public required int Channels { get; init; }
}
