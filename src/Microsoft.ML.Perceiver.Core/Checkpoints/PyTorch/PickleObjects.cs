namespace Microsoft.ML.Perceiver;

/// <summary>Makes the values of the names in a pickle.</summary>
/// <param name="storages">Receives the storages that are named.</param>
/// <param name="damaged">Makes the exception with the position in the file.</param>
internal sealed class PickleObjects(TorchStorages storages, Func<string, FormatException> damaged)
{
    internal PickleGlobal Global(object?[] names) =>
        names is [string module, string name] ? Global(module, name) : throw damaged("a name is no text");

    internal PickleGlobal Global(string module, string name) =>
        PickleGlobal.Find($"{module}.{name}")
        ?? throw damaged(
            $"the pickle names '{Short(module)}.{Short(name)}', which is none of the few names that tensors need; nothing of it was run");

    /// <summary>
    /// The storage of a persistent id: ("storage", type, key, device, number of elements), and a null in the legacy format.
    /// </summary>
    internal TorchStorage Storage(object? id, long place)
    {
        if (id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } type, string key, string, long count, ..]
            || (parts.Length == 6 && parts[5] is not null))
        {
            throw damaged("a persistent id is not that of a storage");
        }

        if (count < 0 || count > long.MaxValue / 8)
            throw damaged($"the storage '{Short(key)}' claims {count} elements");
        var storage = storages.Add(new TorchStorage(key, type.Type, count, place));
        if (storage.Type != type.Type || storage.Count != count)
            throw damaged($"the storage '{Short(key)}' is of {count} {type.Type}, before it was of {storage.Count} {storage.Type}");
        return storage;
    }

    internal object Call(object?[] call) => call switch
    {
        [PickleGlobal { Kind: PickleGlobalKind.Dictionary }, object?[] { Length: 0 }] => new PickleDictionary(),
        [
            PickleGlobal { Kind: PickleGlobalKind.Tensor },
            object?[] and [TorchStorage storage, long offset, object?[] shape, object?[] strides, bool, ..],
        ] => Tensor(storage, offset, shape, strides),
        [PickleGlobal { Kind: PickleGlobalKind.Parameter }, object?[] and [TorchTensor tensor, bool, PickleDictionary]] => tensor,
        [PickleGlobal { Kind: PickleGlobalKind.Size }, object?[] and [object?[] extents]] => extents,
        // Bytes stay a text, as nothing uses them.
        [PickleGlobal { Kind: PickleGlobalKind.Bytes }, object?[] and [string text, "latin1"]] => text,
        [PickleGlobal global, _] => throw damaged($"{global.Name} is called with arguments that it does not take"),
        _ => throw damaged("what is called is no name"),
    };

    /// <summary>A text of the file, shortened for a message.</summary>
    internal static string Short(string text) => text.Length <= 80 ? text : text[..80] + "...";

    private TorchTensor Tensor(TorchStorage storage, long offset, object?[] shape, object?[] strides)
    {
        if (!shape.All(d => d is long) || !strides.All(d => d is long))
            throw damaged("the shape or the strides of a tensor are no whole numbers");
        var (tensor, error) = TorchTensor.Create(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()]);
        return tensor ?? throw damaged(error!);
    }
}
