using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reading and writing of <c>preprocessor_config.json</c>, with the keys in alphabetical order as the reference writes them.
/// </summary>
internal static class ImageOptionsJson
{
    private const string ConvertKey = "do_convert_rgb";

    private static readonly JsonSerializerOptions Options = new()
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Indented = new(Options) { WriteIndented = true };

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private static readonly string[] Nullable = ["size", "crop_size", "image_mean", "image_std", "image_processor_type"];
    private static readonly string[] Switches = ["do_center_crop", "do_resize", "do_rescale", "do_normalize"];

    internal static PerceiverImageProcessorOptions Parse(string json, string source)
    {
        try
        {
            if (JsonNode.Parse(PythonJson.ToStandard(json), documentOptions: Lenient) is not JsonObject content)
                throw new FormatException($"'{source}' is not an image processor configuration: it holds no object.");
            // For the reference null is the default.
            foreach (string key in Nullable.Where(key => content[key] is null))
                content.Remove(key);
            ReadSwitches(content);
            bool? convert = content.Remove(ConvertKey, out var node) && node is not null ? Switch(ConvertKey, node) : null;
            var options = content.Deserialize<PerceiverImageProcessorOptions>(Options)!;
            if (convert is { } value)
                options = options with { DoConvertRgb = value };
            options.Validate();
            return options;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException($"'{source}' is not an image processor configuration: {e.Message}", e);
        }
    }

    // For the reference a step whose switch is null is not done, and a filter that is null is the bilinear one.
    private static void ReadSwitches(JsonObject content)
    {
        foreach (string key in Switches.Where(content.ContainsKey))
            content[key] = Switch(key, content[key]);
        if (content.TryGetPropertyValue("resample", out var filter))
            content["resample"] = filter is null ? (int)PerceiverResampling.Bilinear : PythonJson.WholeNumber(filter) ?? filter.DeepClone();
        bool isRescaled = content["do_rescale"]?.GetValue<bool>() ?? !content.ContainsKey("do_rescale");
        if (!isRescaled && content["rescale_factor"] is null)
            content.Remove("rescale_factor");
    }

    private static bool Switch(string key, JsonNode? value) => value?.GetValueKind() is JsonValueKind.String or JsonValueKind.Object
        ? throw new JsonException($"{key} is {value.ToJsonString()}; it must be true or false.")
        : PythonJson.IsTrue(value);

    internal static string Write(PerceiverImageProcessorOptions options)
    {
        var node = JsonSerializer.SerializeToNode(options, Options)!.AsObject();
        if (!options.DoConvertRgb)
            node[ConvertKey] = false;
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
