using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>Reading and writing of <c>config.json</c>, with the keys in alphabetical order as the reference writes them.</summary>
internal static class PerceiverConfigJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        MaxDepth = PythonJson.MaxDepth,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    internal static PerceiverConfig Parse(string json, string source)
    {
        PerceiverConfig config;
        try
        {
            var content = PythonJson.ReadObject(json) ?? throw new FormatException("it holds no object.");
            PerceiverConfigKeys.Normalize(content);
            config = content.Deserialize<PerceiverConfig>(Options)!;
        }
        // InvalidOperationException is that of a text with half a surrogate pair.
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new FormatException($"'{source}' is not a Perceiver configuration: {e.Message}", e);
        }

        bool isArray = config.ModelType == PerceiverConfig.ArrayModelType && HeadNames.Of(config) == HeadNames.Array;
        if (config.ModelType != PerceiverConfig.ReferenceModelType && !isArray)
            throw new FormatException($"'{source}' configures a model of type '{config.ModelType}', not 'perceiver'.");
        var missing = new (string Key, object? Value)[]
        {
            ("train_size", config.TrainSize),
            ("output_shape", config.OutputShape),
            ("hidden_act", config.HiddenActivation),
            ("cross_attention_shape_for_attention", config.CrossAttentionShape),
        };
        if (missing.FirstOrDefault(m => m.Value is null).Key is { } key)
            throw new FormatException($"'{source}' is not a Perceiver configuration: {key} is null.");
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

        return IndentedJson.Of(sorted, Indented);
    }
}
