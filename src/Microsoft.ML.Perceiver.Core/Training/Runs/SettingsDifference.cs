using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>The first setting in which two trainings differ.</summary>
/// <param name="Path">The names that lead to it, with points between them.</param>
/// <param name="First">Its value in the first.</param>
/// <param name="Second">Its value in the second.</param>
internal sealed record SettingsDifference(string Path, string First, string Second)
{
    /// <summary>The first difference; null where there is none.</summary>
    internal static SettingsDifference? Between(JsonNode? first, JsonNode? second, string path = "")
    {
        if (first is JsonObject one && second is JsonObject other)
        {
            return one.Select(p => p.Key).Union(other.Select(p => p.Key))
                .Select(key => Between(one[key], other[key], path.Length == 0 ? key : $"{path}.{key}"))
                .FirstOrDefault(difference => difference is not null);
        }

        return JsonNode.DeepEquals(first, second) ? null : new(path, Text(first, path), Text(second, path));
    }

    // One process does not say how many there are.
    private static string Text(JsonNode? node, string path) => node?.ToJsonString() ?? (path == RunSettings.Ranks ? "1" : "nothing");
}
