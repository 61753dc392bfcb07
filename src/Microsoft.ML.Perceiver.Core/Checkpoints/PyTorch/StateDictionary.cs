using System.Globalization;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The tensors of a saved value by their names: those of a state dictionary by its keys; those in inner dictionaries, lists and tuples by
/// the outer and inner keys, joined by points.
/// </summary>
internal sealed class StateDictionary
{
    private const int Deepest = 32, LongestName = 1024;

    // A shared value is visited once for each reference to it, and a hostile file can have any number of references.
    private const int MostVisits = 1 << 18;

    private readonly Dictionary<string, TorchTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Func<string, FormatException> _damaged;
    private long _visits, _letters;

    private StateDictionary(Func<string, FormatException> damaged) => _damaged = damaged;

    /// <summary>Names the tensors.</summary>
    /// <param name="archive">The file.</param>
    /// <param name="source">Its name for messages.</param>
    /// <exception cref="FormatException">The value is no dictionary, nests too deep, or gives two tensors one name.</exception>
    internal static IReadOnlyDictionary<string, TorchTensor> Of(TorchArchive archive, string source)
    {
        var names = new StateDictionary(what => new FormatException(
            $"'{source}' is damaged or not a checkpoint: the value pickled at byte {archive.Place} {what}."));
        if (archive.Root is not PickleDictionary)
            throw names._damaged("is no dictionary of tensors");
        names.Visit(archive.Root, "", 0);
        return names._tensors;
    }

    private void Visit(object? value, string name, int depth)
    {
        _visits++;
        _letters += name.Length;
        if (depth > Deepest || name.Length > LongestName || _visits > MostVisits || _letters > PickleInput.Longest)
            throw _damaged($"nests too deep or has too many names, at '{PickleObjects.Short(name)}'");
        switch (value)
        {
            case TorchTensor tensor:
                if (!_tensors.TryAdd(name, tensor))
                    throw _damaged($"has two tensors '{PickleObjects.Short(name)}'");
                break;
            case PickleDictionary dictionary:
                foreach (var (key, item) in dictionary.Items)
                    Visit(item, Join(name, key), depth + 1);
                break;
            case List<object?> or object?[]:
                int index = 0;
                foreach (object? item in (IReadOnlyList<object?>)value)
                    Visit(item, Join(name, index++.ToString(CultureInfo.InvariantCulture)), depth + 1);
                break;
        }
    }

    private static string Join(string outer, string key) => outer.Length == 0 ? key : $"{outer}.{key}";
}
