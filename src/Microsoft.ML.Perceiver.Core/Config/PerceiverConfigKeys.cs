using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Brings the values of a <c>config.json</c> into the types of <see cref="PerceiverConfig"/> as the reference would take them. What no
/// prediction needs, or what only other heads than the named one read, counts as missing where it has no usable value.
/// </summary>
internal static class PerceiverConfigKeys
{
    private static readonly string[] TruthValues = ["use_query_residual", "output_attentions", "output_hidden_states"];
    private static readonly string[] WholeNumbers =
    [
        "num_latents", "d_latents", "d_model", "num_blocks", "num_self_attends_per_block", "num_self_attention_heads",
        "num_cross_attention_heads", "qk_channels", "v_channels", "self_attention_widening_factor", "cross_attention_widening_factor",
        "vocab_size", "max_position_embeddings", "image_size", "num_frames", "audio_samples_per_frame", "samples_per_patch",
        "output_num_channels", "_label_trainable_num_channels", "num_labels", "embedding_size", "num_queries",
    ];
    private static readonly string[] Extents = ["train_size", "output_shape"];

    private static readonly string[] Videos = [HeadNames.Multimodal];

    // The heads that read a key, for keys that not all of them read.
    private static readonly Dictionary<string, IReadOnlyList<string>> Readers = new(StringComparer.Ordinal)
    {
        ["vocab_size"] = HeadNames.Texts,
        ["max_position_embeddings"] = HeadNames.Texts,
        ["image_size"] = [.. HeadNames.Images, HeadNames.ObjectDetection, .. Videos],
        ["train_size"] = [HeadNames.OpticalFlow],
        ["num_frames"] = Videos,
        ["audio_samples_per_frame"] = Videos,
        ["samples_per_patch"] = Videos,
        ["output_shape"] = Videos,
        ["output_num_channels"] = Videos,
        ["_label_trainable_num_channels"] = Videos,
        ["ngrams"] = HeadNames.Texts,
        ["array"] = [HeadNames.Array],
        ["embedding_size"] = [HeadNames.SentenceEmbedding],
        ["num_queries"] = [HeadNames.ObjectDetection],
        ["sentence_pooling"] = [HeadNames.SentenceEmbedding],
    };

    internal static void Normalize(JsonObject config)
    {
        NormalizeArchitectures(config);
        NormalizeNames(config);
        NormalizeIndices(config);
        foreach (string key in TruthValues.Where(config.ContainsKey))
            config[key] = PythonJson.IsTrue(config[key]);
        foreach (string key in WholeNumbers.Where(config.ContainsKey))
            NormalizeNumber(config, key);
        foreach (string key in Extents.Where(config.ContainsKey))
            NormalizeExtents(config, key);
        foreach (string key in (string[])["sentence_pooling", "ngrams", "array"])
        {
            if (!IsRead(config, key))
                config.Remove(key);
        }

        NormalizeUnneeded(config, "attention_probs_dropout_prob", value => value is >= 0 and <= 1);
        NormalizeUnneeded(config, "initializer_range", value => value > 0 && double.IsFinite(value));
        NormalizeUnneeded(config, "layer_norm_eps", double.IsFinite);
        if (config["model_type"] is null)
            config.Remove("model_type");
    }

    // Python reads the names of the classes only to choose one; a name alone stands for a list of one.
    private static void NormalizeArchitectures(JsonObject config)
    {
        var names = config["architectures"] switch
        {
            JsonArray list => list.Where(IsText).Select(name => name!.GetValue<string>()).ToArray(),
            { } name when IsText(name) => [name.GetValue<string>()],
            _ => [],
        };
        if (names.Length == 0)
            config.Remove("architectures");
        else
            config["architectures"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]);
    }

    private static void NormalizeNumber(JsonObject config, string key)
    {
        int? number = PythonJson.WholeNumber(config[key]);
        if (number is not > 0 && !IsRead(config, key))
            config.Remove(key);
        else if (number is not null)
            config[key] = number;
    }

    private static void NormalizeExtents(JsonObject config, string key)
    {
        int?[] numbers = config[key] is JsonArray list ? [.. list.Select(node => PythonJson.WholeNumber(node))] : [null];
        if (numbers.All(number => number is not null))
            config[key] = new JsonArray([.. numbers.Select(number => JsonValue.Create(number!.Value))]);
        else if (!IsRead(config, key))
            config.Remove(key);
    }

    private static void NormalizeUnneeded(JsonObject config, string key, Predicate<double> isUsable)
    {
        if (!config.TryGetPropertyValue(key, out var node))
            return;
        double value = node?.GetValueKind() switch
        {
            JsonValueKind.Number => node.GetValue<double>(),
            // YAML reads 1e-12 as a text, and programs pass it on.
            JsonValueKind.String when TryParse(node.GetValue<string>(), out double parsed) => parsed,
            _ => double.NaN,
        };
        if (isUsable(value))
            config[key] = value;
        else
            config.Remove(key);
    }

    private static void NormalizeNames(JsonObject config)
    {
        if (config["id2label"] is JsonArray list)
            config["id2label"] = new JsonObject(list.Select((name, i) => KeyValuePair.Create(Digits(i), (JsonNode?)PythonJson.Text(name))));
        if (config["id2label"] is not JsonObject { Count: > 0 } names)
        {
            config.Remove("id2label");
            return;
        }

        var result = new JsonObject();
        foreach (var (key, name) in names)
        {
            if (!int.TryParse(key, NumberStyles.Integer, CultureInfo.InvariantCulture, out int id))
                throw new FormatException($"id2label has the key '{key}', which is no index of a label.");
            result[Digits(id)] = PythonJson.Text(name);
        }

        config["id2label"] = result;
    }

    // Predictions need no index of a name; a map that is none is made again from the names.
    private static void NormalizeIndices(JsonObject config)
    {
        var indices = config["label2id"] as JsonObject;
        config.Remove("label2id");
        var numbers = indices?.Select(p => (p.Key, Index: PythonJson.WholeNumber(p.Value, allowText: true))).ToArray();
        if (numbers is not null && numbers.All(p => p.Index is not null))
        {
            config["label2id"] = new JsonObject(numbers.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Index!.Value)));
            return;
        }

        if (indices is null || config["id2label"] is not JsonObject names)
            return;
        var inverse = new JsonObject();
        foreach (var (id, name) in names)
            inverse[name!.GetValue<string>()] = int.Parse(id, CultureInfo.InvariantCulture);
        config["label2id"] = inverse;
    }

    // A configuration that names no head, or none of ours, may be read by any.
    private static bool IsRead(JsonObject config, string key)
    {
        if (key == "num_labels")
            return !config.ContainsKey("id2label");
        string? first = config["architectures"]?[0]!.GetValue<string>();
        bool isHead = HeadNames.All.Contains(first);
        return !isHead || !Readers.TryGetValue(key, out var readers) || readers.Contains(first!);
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static string Digits(int value) => value.ToString(CultureInfo.InvariantCulture);
}
