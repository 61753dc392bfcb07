using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>What a run was begun with, <c>config.json</c> of its folder: another training must not go on from it.</summary>
internal static class RunSettings
{
    private const int SampledRows = 4096;

    /// <summary>The settings of a training.</summary>
    internal static JsonObject Of(ITrainingObjective objective, PerceiverTrainingOptions options)
    {
        var settings = new JsonObject
        {
            ["Training"] = JsonSerializer.SerializeToNode(options, RunJson.Indented),
            ["Objective"] = objective.GetType().Name,
            ["ObjectiveSettings"] = JsonSerializer.SerializeToNode(objective.Settings),
            ["Rows"] = objective.RowCount,
            ["RowLengths"] = LengthsOf(objective),
            ["Parameters"] = new JsonObject(objective.Model.named_parameters().Select(
                p => KeyValuePair.Create<string, JsonNode?>(p.name, $"[{string.Join(", ", p.parameter.shape)}]"))),
        };
        if (objective.Model is PerceiverPreTrainedModel model)
            settings["Model"] = JsonNode.Parse(model.SavedConfig().ToJson());
        return settings;
    }

    /// <summary>Throws where two settings differ; the message names the first difference.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    internal static void Compare(JsonNode? begun, JsonNode? now, string folder, string path = "")
    {
        if (begun is JsonObject before && now is JsonObject after)
        {
            foreach (string key in before.Select(p => p.Key).Union(after.Select(p => p.Key)))
                Compare(before[key], after[key], folder, path.Length == 0 ? key : $"{path}.{key}");
            return;
        }

        if (!JsonNode.DeepEquals(begun, now))
        {
            throw new InvalidOperationException(
                $"The run folder '{folder}' holds another training: {path} was {Text(begun)} and is {Text(now)}. Use another folder, or the settings of before.");
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";

    // The lengths of rows spread over the data tell other data at little cost.
    private static string LengthsOf(ITrainingObjective objective)
    {
        int step = Math.Max(1, objective.RowCount / SampledRows);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int row = 0; row < objective.RowCount && row >= 0; row += step)
            hash.AppendData(BitConverter.GetBytes(objective.LengthOf(row)));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
