using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The Python names that a pickle may contain, each with its meaning here. No other name has any effect, so that a checkpoint cannot run
/// code.
/// </summary>
/// <param name="Name">Module and name.</param>
/// <param name="Kind">Its meaning.</param>
/// <param name="Type">A storage's element type.</param>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, ScalarType Type = default)
{
    private static readonly FrozenDictionary<string, PickleGlobal> Allowed = All().ToFrozenDictionary(g => g.Name, StringComparer.Ordinal);

    /// <summary>The global of a name; null for any that is not allowed.</summary>
    internal static PickleGlobal? Find(string name) => Allowed.GetValueOrDefault(name);

    private static IEnumerable<PickleGlobal> All()
    {
        yield return new("collections.OrderedDict", PickleGlobalKind.Dictionary);
        yield return new("torch._utils._rebuild_tensor_v2", PickleGlobalKind.Tensor);
        yield return new("torch._utils._rebuild_parameter", PickleGlobalKind.Parameter);
        yield return new("torch.Size", PickleGlobalKind.Size);
        yield return new("_codecs.encode", PickleGlobalKind.Bytes);
        (string Storage, ScalarType Type)[] storages =
        [
            ("Double", ScalarType.Float64), ("Float", ScalarType.Float32), ("Half", ScalarType.Float16), ("BFloat16", ScalarType.BFloat16),
            ("Long", ScalarType.Int64), ("Int", ScalarType.Int32), ("Short", ScalarType.Int16), ("Char", ScalarType.Int8),
            ("Byte", ScalarType.Byte), ("Bool", ScalarType.Bool),
        ];
        foreach (var (storage, type) in storages)
            yield return new($"torch.{storage}Storage", PickleGlobalKind.Storage, type);
        string[] types =
        [
            "float64", "double", "float32", "float", "float16", "half", "bfloat16",
            "int64", "long", "int32", "int", "int16", "short", "int8", "uint8", "bool",
        ];
        foreach (string type in types)
            yield return new($"torch.{type}", PickleGlobalKind.ElementType);
    }
}

/// <summary>The meaning of a Python name in a pickle.</summary>
internal enum PickleGlobalKind
{
    /// <summary>A function that returns an empty dictionary.</summary>
    Dictionary,

    /// <summary>A function that returns a view of a storage.</summary>
    Tensor,

    /// <summary>A function that returns the tensor of its argument.</summary>
    Parameter,

    /// <summary>A function that returns the tuple of its argument.</summary>
    Size,

    /// <summary>A function that makes bytes of a text, as the second protocol writes them.</summary>
    Bytes,

    /// <summary>The element type of a storage, which is only named.</summary>
    Storage,

    /// <summary>An element type as a value, which is ignored.</summary>
    ElementType,
}
