using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>Reading and writing of <c>config.json</c>, with the keys in alphabetical order as the reference writes them.</summary>
internal static class PerceiverConfigJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true, NewLine = "\n" };

    internal static PerceiverConfig Parse(string json, string source)
    {
        PerceiverConfig? config;
        try
        {
            config = JsonSerializer.Deserialize<PerceiverConfig>(json, Options);
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{source}' is not a Perceiver configuration: {e.Message}", e);
        }

        if (config is null)
            throw new FormatException($"'{source}' is not a Perceiver configuration: it holds no object.");
        if (config.ModelType != "perceiver")
            throw new FormatException($"'{source}' configures a model of type '{config.ModelType}', not 'perceiver'.");
        if (config.TrainSize is null || config.OutputShape is null || config.HiddenActivation is null || config.CrossAttentionShape is null)
            throw new FormatException($"'{source}' has null where a Perceiver configuration needs a value.");
        return config;
    }

    internal static string Write(PerceiverConfig config)
    {
        var node = JsonSerializer.SerializeToNode(config, Options)!.AsObject();
        var sorted = new JsonObject();
        foreach (string key in node.Select(p => p.Key).Order(StringComparer.Ordinal).ToArray())
        {
            var value = node[key];
            node.Remove(key);
            sorted[key] = value;
        }

        return sorted.ToJsonString(Indented) + "\n";
    }
}
