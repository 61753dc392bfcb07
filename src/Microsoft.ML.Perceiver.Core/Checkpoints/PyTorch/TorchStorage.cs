using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A sequence of elements that tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The element type.</param>
/// <param name="Count">How many elements it has.</param>
/// <param name="Place">The byte of the file where the pickle first names it.</param>
internal sealed record TorchStorage(string Key, ScalarType Type, long Count, long Place)
{
    internal int ElementSize { get; } = SafeTensorsHeader.SizeOf(Type);

    /// <summary>The bytes it must have.</summary>
    /// <exception cref="OverflowException">No file has so many.</exception>
    internal long Bytes => checked(Count * ElementSize);
}

/// <summary>The storages that a file's pickle names, by their keys.</summary>
internal sealed class TorchStorages
{
    private readonly Dictionary<string, TorchStorage> _byKey = new(StringComparer.Ordinal);

    internal IEnumerable<TorchStorage> All => _byKey.Values;

    internal TorchStorage? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Adds a storage, and returns the one that was first added with its key.</summary>
    internal TorchStorage Add(TorchStorage storage) => _byKey.TryAdd(storage.Key, storage) ? storage : _byKey[storage.Key];
}
