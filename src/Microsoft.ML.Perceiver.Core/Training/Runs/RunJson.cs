using System.Text.Json;
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
}
