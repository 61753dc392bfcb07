using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Weights divided into files of a given size, as the reference's <c>save_pretrained</c> divides them: in the order of the state
/// dictionary, a tensor that is larger than that in a file of its own.
/// </summary>
/// <param name="Files">The names of the files with their tensors; a single one is the whole.</param>
internal sealed partial record WeightShards(IReadOnlyList<(string Name, IReadOnlyList<PendingTensor> Tensors)> Files)
{
    /// <summary>The name of the index of several files.</summary>
    internal const string IndexFile = CheckpointFiles.SafeTensors + CheckpointFiles.Index;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether there are several files, which need an index.</summary>
    internal bool HasIndex => Files.Count > 1;

    /// <summary>Divides weights.</summary>
    /// <param name="tensors">The weights, in the order of the state dictionary.</param>
    /// <param name="maxSize">The bytes of a file's tensors at most.</param>
    internal static WeightShards Of(IEnumerable<PendingTensor> tensors, long maxSize)
    {
        var parts = new List<List<PendingTensor>> { new() };
        long size = 0;
        foreach (var tensor in tensors)
        {
            if (parts[^1].Count > 0 && tensor.Length > maxSize - size)
            {
                parts.Add([]);
                size = 0;
            }

            parts[^1].Add(tensor);
            size += tensor.Length;
        }

        return new WeightShards([.. parts.Select((part, i) => (NameOf(i, parts.Count), (IReadOnlyList<PendingTensor>)part))]);
    }

    /// <summary>Whether a file's name is that of one of several files of weights.</summary>
    internal static bool IsPart(string name) => PartName().IsMatch(name);

    /// <summary>The text of the index: the size of all tensors in bytes, and the file of each.</summary>
    internal string Index()
    {
        var map = Files
            .SelectMany(file => file.Tensors.Select(tensor => (tensor.Name, File: file.Name)))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)entry.File));
        var index = new JsonObject
        {
            ["metadata"] = new JsonObject { ["total_size"] = Files.Sum(file => file.Tensors.Sum(tensor => tensor.Length)) },
            ["weight_map"] = new JsonObject(map),
        };
        return IndentedJson.Of(index, Indented);
    }

    private static string NameOf(int index, int count) => count == 1
        ? CheckpointFiles.SafeTensors
        : string.Create(CultureInfo.InvariantCulture, $"model-{index + 1:00000}-of-{count:00000}.safetensors");

    [GeneratedRegex(@"^model-\d{5,}-of-\d{5,}\.safetensors\z", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
