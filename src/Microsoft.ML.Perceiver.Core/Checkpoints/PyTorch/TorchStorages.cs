namespace Microsoft.ML.Perceiver;

/// <summary>The storages that a file's pickle names, by their keys.</summary>
internal sealed class TorchStorages
{
    private readonly Dictionary<string, TorchStorage> _byKey = new(StringComparer.Ordinal);

    internal IEnumerable<TorchStorage> All => _byKey.Values;

    internal TorchStorage? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The storage of the key: the one that is known already, or this.</summary>
    internal TorchStorage Add(TorchStorage storage) => _byKey.TryAdd(storage.Key, storage) ? storage : _byKey[storage.Key];
}
