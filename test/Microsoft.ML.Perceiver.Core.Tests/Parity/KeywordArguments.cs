using System.Text.Json;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Python's keyword arguments from JSON; it knows which were read, so that none is passed over in silence.</summary>
internal sealed class KeywordArguments(JsonElement json)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeywordArguments> _nested = new(StringComparer.Ordinal);

    internal int? Int(string name) => Find(name) is { } e ? e.GetInt32() : null;

    internal double? Number(string name) => Find(name) is { } e ? e.GetDouble() : null;

    internal bool? Bool(string name) => Find(name) is { } e ? e.GetBoolean() : null;

    internal string? Text(string name) => Find(name)?.GetString();

    internal KeywordArguments? Nested(string name) => Find(name) is { } e ? _nested[name] = new KeywordArguments(e) : null;

    /// <summary>A list, or a single number as a list of one.</summary>
    internal IReadOnlyList<int>? Ints(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => [number.GetInt32()],
        { } list => list.EnumerateArray().Select(e => e.GetInt32()).ToArray(),
    };

    /// <summary>A number for each name.</summary>
    internal IReadOnlyDictionary<string, int>? IntsByName(string name) =>
        Find(name) is { } e ? e.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()) : null;

    /// <summary>A fraction for each name.</summary>
    internal IReadOnlyDictionary<string, double>? NumbersByName(string name) =>
        Find(name) is { } e ? e.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble()) : null;

    /// <summary>A part for each name.</summary>
    internal IReadOnlyDictionary<string, T>? Parts<T>(string name, Func<JsonElement, T> build) =>
        Find(name) is { } e ? e.EnumerateObject().ToDictionary(p => p.Name, p => build(p.Value)) : null;

    /// <summary>Passes arguments over that change nothing here; the caller says why.</summary>
    internal void Ignore(params string[] names) => _used.UnionWith(names);

    /// <exception cref="NotSupportedException">An argument, or one inside another, was neither read nor null.</exception>
    internal void RequireAllUsed(string of)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return;
        foreach (var entry in json.EnumerateObject())
        {
            if (!_used.Contains(entry.Name) && entry.Value.ValueKind != JsonValueKind.Null)
                throw new NotSupportedException($"The argument '{entry.Name}' of {of} was not read.");
            if (_nested.TryGetValue(entry.Name, out var nested))
                nested.RequireAllUsed($"{of}.{entry.Name}");
        }
    }

    private JsonElement? Find(string name)
    {
        _used.Add(name);
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var e) && e.ValueKind != JsonValueKind.Null
            ? e
            : null;
    }
}
