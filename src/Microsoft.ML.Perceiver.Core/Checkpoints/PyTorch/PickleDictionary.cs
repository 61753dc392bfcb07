namespace Microsoft.ML.Perceiver;

/// <summary>A dictionary in a pickle, in its own order. A key is a text, or an integer as a text.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<string, object?> _items = new(StringComparer.Ordinal);

    internal IReadOnlyCollection<KeyValuePair<string, object?>> Items => _items;

    internal bool TryAdd(string key, object? value) => _items.TryAdd(key, value);

    internal object? Find(string key) => _items.GetValueOrDefault(key);
}
