using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver.Tests.SavedModels;

/// <summary>Changes to model files: of any bytes, or of one value in the JSON of an entry.</summary>
internal static class ModelMutants
{
    private static readonly string[] Values =
    [
        "null", "0", "-1", "1", "3", "65536", "1000000", "2147483647", "-2147483648", "1e300", "0.5", "true", "false", "\"\"", "\"x\"",
        "[]", "{}", "[0]", "[[1,2],[3]]", "\"NaN\"", "\"\\u0000\"", "9223372036854775807",
    ];

    /// <summary>A copy with one to three bytes changed.</summary>
    internal static byte[] ChangeBytes(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Length);
            bytes[at] = random.Next(2) == 0 ? (byte)(bytes[at] ^ (1 << random.Next(8))) : (byte)random.Next(256);
        }

        return bytes;
    }

    /// <summary>Writes a copy in which one value of an entry's JSON is another. Its checksums are those of what it has.</summary>
    /// <param name="source">The model file.</param>
    /// <param name="target">The copy.</param>
    /// <param name="random">Chooses the value.</param>
    /// <returns>What was changed.</returns>
    internal static string ChangeValue(string source, string target, Random random)
    {
        File.Copy(source, target, overwrite: true);
        using var zip = ZipFile.Open(target, ZipArchiveMode.Update);
        var entries = zip.Entries.Where(e => e.Name.EndsWith(".json", StringComparison.Ordinal)).ToArray();
        foreach (var hashes in entries.Where(e => e.Name == "Hashes.json"))
            hashes.Delete();
        entries = [.. entries.Where(e => e.Name != "Hashes.json")];
        var entry = entries[random.Next(entries.Length)];
        string name = entry.FullName;
        JsonNode root;
        using (var stream = entry.Open())
            root = JsonNode.Parse(stream)!;
        string change = Change(root, random);
        entry.Delete();
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(root.ToJsonString());
        return $"{name} {change}";
    }

    private static string Change(JsonNode root, Random random)
    {
        JsonNode[] leaves = [.. Leaves(root)];
        // A stage that finds nothing out has an empty object.
        if (leaves.Length == 0)
        {
            root["Other"] = JsonNode.Parse(Values[random.Next(Values.Length)]);
            return $"Other = {root["Other"]?.ToJsonString()}";
        }

        var leaf = leaves[random.Next(leaves.Length)];
        string path = leaf.GetPath();
        // An image processor is a text with JSON in it.
        if (leaf.GetValueKind() == JsonValueKind.String && leaf.GetValue<string>().StartsWith('{') && random.Next(4) > 0)
        {
            var inner = JsonNode.Parse(leaf.GetValue<string>())!;
            string change = Change(inner, random);
            leaf.ReplaceWith(inner.ToJsonString());
            return $"{path} {change}";
        }

        if (random.Next(12) == 0 && leaf.Parent is JsonObject parent)
        {
            parent.Remove(leaf.GetPropertyName());
            return $"{path} removed";
        }

        string value = Values[random.Next(Values.Length)];
        if (leaf.Parent is JsonObject owner)
            owner[leaf.GetPropertyName()] = JsonNode.Parse(value);
        else
            leaf.Parent!.AsArray()[leaf.GetElementIndex()] = JsonNode.Parse(value);
        return $"{path} = {value}";
    }

    private static IEnumerable<JsonNode> Leaves(JsonNode node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Value is null ? [] : Leaves(p.Value)),
        JsonArray a => a.SelectMany(v => v is null ? [] : Leaves(v)),
        _ => [node],
    };
}
