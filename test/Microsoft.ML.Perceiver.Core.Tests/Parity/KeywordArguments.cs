using System.Text.Json;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Python's keyword arguments from JSON; it knows which were read, so that none is passed over in silence.</summary>
internal sealed class KeywordArguments(JsonElement json)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    internal int? Int(string name) => Find(name) is { } e ? e.GetInt32() : null;

    internal bool? Bool(string name) => Find(name) is { } e ? e.GetBoolean() : null;

    internal string? Text(string name) => Find(name)?.GetString();

    internal KeywordArguments? Nested(string name) => Find(name) is { } e ? new KeywordArguments(e) : null;

    /// <summary>A list, or a single number as a list of one.</summary>
    internal IReadOnlyList<int>? Ints(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => [number.GetInt32()],
        { } list => list.EnumerateArray().Select(e => e.GetInt32()).ToArray(),
    };

    internal void RequireAllUsed()
    {
        if (json.ValueKind != JsonValueKind.Object)
            return;
        foreach (var entry in json.EnumerateObject())
        {
            if (!_used.Contains(entry.Name))
                throw new NotSupportedException($"The argument '{entry.Name}' was not read.");
        }
    }

    private JsonElement? Find(string name)
    {
        _used.Add(name);
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var e) && e.ValueKind != JsonValueKind.Null ? e : null;
    }
}
