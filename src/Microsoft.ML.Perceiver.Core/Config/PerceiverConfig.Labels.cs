using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <content>The labels, which several keys of the file tell of.</content>
public sealed partial record PerceiverConfig
{
    /// <summary>Number of labels: that of <see cref="IdToLabel"/>, else the file's <c>num_labels</c>, else 2.</summary>
    [JsonIgnore]
    public int NumLabels =>
        IdToLabel?.Count
        ?? (OtherKeys.TryGetValue("num_labels", out var n) && n.ValueKind == JsonValueKind.Number && n.TryGetInt32(out int labels)
            ? labels
            : 2);

    /// <summary>The names of the labels in the order of their indices; LABEL_0, LABEL_1, ... where the file has none.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> LabelNames =>
        Enumerable.Range(0, NumLabels)
            .Select(i => IdToLabel is { } names && names.TryGetValue(i, out string? name) ? name : $"LABEL_{i}")
            .ToArray();

    /// <summary>
    /// The same configuration with a number of labels that have no names, which are then LABEL_0, LABEL_1, ... (the reference's
    /// <c>num_labels</c>).
    /// </summary>
    /// <param name="count">The number of labels.</param>
    /// <returns>A copy of the configuration with other labels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive, or more than 1,048,576.</exception>
    public PerceiverConfig WithLabels(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, PerceiverConfigLimits.Rows);
        var others = new Dictionary<string, JsonElement>(OtherKeys) { ["num_labels"] = JsonSerializer.SerializeToElement(count) };
        var labelled = this with { IdToLabel = null, LabelToId = null, OtherKeys = others };
        return labelled.LabelNames.SequenceEqual(LabelNames, StringComparer.Ordinal)
            ? labelled
            : labelled with { LabelMeans = null, LabelDeviations = null };
    }

    /// <summary>The same configuration with these labels, in this order.</summary>
    /// <param name="names">At least one name, each different from the others.</param>
    /// <returns>A copy of the configuration with other labels.</returns>
    /// <exception cref="ArgumentException">No name, or one twice.</exception>
    public PerceiverConfig WithLabels(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
            throw new ArgumentException("A model needs at least one label.", nameof(names));
        var toId = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            if (!toId.TryAdd(names[i], i))
                throw new ArgumentException($"The label '{names[i]}' stands twice, at {toId[names[i]]} and {i}.", nameof(names));
        }

        var others = new Dictionary<string, JsonElement>(OtherKeys);
        others.Remove("num_labels");
        var toLabel = names.Select((n, i) => (n, i)).ToDictionary(x => x.i, x => x.n);
        // Other labels have another unit.
        var (means, deviations) = names.SequenceEqual(LabelNames, StringComparer.Ordinal) ? (LabelMeans, LabelDeviations) : (null, null);
        var labelled = this with { IdToLabel = toLabel, LabelToId = toId, OtherKeys = others };
        return labelled with { LabelMeans = means, LabelDeviations = deviations };
    }
}
