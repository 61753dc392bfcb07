using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The parts of several modalities, each registered under its name, in the order of the names (reference: a <c>ModuleDict</c>).
/// </summary>
internal sealed class ModalityParts<T> : nn.Module
    where T : nn.Module
{
    private readonly SortedDictionary<string, T> _parts = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">There is no part, one is null, or its name cannot stand in a checkpoint's key.</exception>
    internal ModalityParts(IReadOnlyDictionary<string, T> parts, string argument) : base(nameof(ModalityParts<>))
    {
        ArgumentNullException.ThrowIfNull(parts, argument);
        if (parts.Count == 0)
            throw new ArgumentException("There is no modality.", argument);
        foreach (var (name, part) in parts)
        {
            if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                throw new ArgumentException($"The modality '{name}' needs a name without full stops.", argument);
            _parts[name] = part ?? throw new ArgumentException($"The modality '{name}' has no part.", argument);
            register_module(name, part);
        }
    }

    /// <summary>Names and parts in the order in which modalities are joined.</summary>
    internal IEnumerable<KeyValuePair<string, T>> Sorted => _parts;

    internal T this[string modality] => _parts[modality];

    internal bool Has(string modality) => _parts.ContainsKey(modality);

    /// <summary>The names for a message.</summary>
    internal string Names => string.Join(", ", _parts.Keys);

    /// <exception cref="ArgumentException">A name is that of no modality.</exception>
    internal void RequireKnown(IEnumerable<string> names, string argument)
    {
        if (names.FirstOrDefault(n => !Has(n)) is { } unknown)
            throw new ArgumentException($"There is no modality '{unknown}'; there are {Names}.", argument);
    }
}
