using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>How a run's files are written as JSON. Numbers come back as they were, to the last bit.</summary>
internal static class RunJson
{
    private const JsonNumberHandling Numbers = JsonNumberHandling.AllowNamedFloatingPointLiterals;

    internal static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        NumberHandling = Numbers,
        Converters = { new JsonStringEnumConverter() },
    };

    internal static JsonSerializerOptions Line { get; } = new() { NumberHandling = Numbers };

    /// <summary>
    /// Reads JSON in which no object has a property twice, which <see cref="JsonDocumentOptions"/> of .NET 8 cannot ask for.
    /// </summary>
    /// <exception cref="JsonException">The text is no JSON, or a property is there twice.</exception>
    internal static JsonNode? ParseStrictly(string text)
    {
        using var document = JsonDocument.Parse(text);
        RefuseDuplicates(document.RootElement);
        return JsonNode.Parse(text);
    }

    private static void RefuseDuplicates(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                RefuseDuplicates(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in element.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw new JsonException($"The property '{property.Name}' is there twice.");
                RefuseDuplicates(property.Value);
            }
        }
    }
}
