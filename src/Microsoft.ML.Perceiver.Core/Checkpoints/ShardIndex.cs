using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>An <c>index.json</c>, which maps each tensor to a file beside it.</summary>
/// <param name="Shards">The files, in the order of their names, with the names of their tensors.</param>
internal sealed record ShardIndex(IReadOnlyList<(string Path, IReadOnlySet<string> Names)> Shards)
{
    /// <summary>Reads an index.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is damaged, or names a file outside its folder.</exception>
    internal static ShardIndex Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no index of weights at '{path}'.", path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var shards = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var all = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(SmallFile.ReadText(path));
            foreach (var entry in document.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                string file = entry.Value.GetString() ?? "";
                if (!IsPlainName(file))
                {
                    throw new FormatException(
                        $"'{path}' puts '{entry.Name}' into '{PickleObjects.Short(file)}', which is no file beside it.");
                }

                if (!all.Add(entry.Name))
                    throw new FormatException($"'{path}' names '{entry.Name}' twice.");
                if (!shards.TryGetValue(file, out var names))
                    shards[file] = names = new HashSet<string>(StringComparer.Ordinal);
                names.Add(entry.Name);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"'{path}' is no index of weights: {e.Message}", e);
        }

        return new ShardIndex([.. shards.Select(s => (Path.Combine(folder, s.Key), (IReadOnlySet<string>)s.Value))]);
    }

    /// <summary>Whether a name can only be that of a file in the folder itself.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 255 && name is not ("." or "..") && !name.AsSpan().ContainsAny("/\\:") && !name.Any(char.IsControl);
}
