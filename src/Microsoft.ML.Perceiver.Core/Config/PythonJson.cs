using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads JSON as Python's json module writes and reads it: numbers may be NaN and Infinity, of two equal keys the last one counts, and
/// values stand for truth values and whole numbers where Python takes them so.
/// </summary>
internal static class PythonJson
{
    /// <summary>The deepest nesting that is read; System.Text.Json's own limit of 64 is below Python's.</summary>
    internal const int MaxDepth = 256;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = MaxDepth,
    };

    // Infinity has a number in JSON that both Python and .NET read as infinite; NaN has none and becomes a text.
    private static readonly (string Word, string Standard)[] Words = [("-Infinity", "-1e999"), ("Infinity", "1e999"), ("NaN", "\"NaN\"")];

    /// <summary>The object in a text; null where it holds another value.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    internal static JsonObject? ReadObject(string json)
    {
        using var document = JsonDocument.Parse(ToStandard(json), Lenient);
        return Copy(document.RootElement) as JsonObject;
    }

    /// <summary>The text with NaN and Infinity, where they are values, in the words of standard JSON.</summary>
    internal static string ToStandard(string json)
    {
        if (!json.Contains("NaN", StringComparison.Ordinal) && !json.Contains("Infinity", StringComparison.Ordinal))
            return json;
        var result = new StringBuilder(json.Length);
        int position = 0;
        while (position < json.Length)
        {
            var rest = json.AsSpan(position);
            int length = LengthOfTextOrComment(rest);
            var (word, standard) = length > 0 ? default : WordAt(rest);
            if (word is not null)
            {
                result.Append(standard);
                position += word.Length;
                continue;
            }

            length = Math.Max(length, 1);
            result.Append(rest[..length]);
            position += length;
        }

        return result.ToString();
    }

    /// <summary>Whether Python takes a value for true: all but None, zero and what is empty.</summary>
    internal static bool IsTrue(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number => node.GetValue<double>() != 0,
        JsonValueKind.String => node.GetValue<string>().Length > 0,
        JsonValueKind.Array => node.AsArray().Count > 0,
        JsonValueKind.Object => node.AsObject().Count > 0,
        _ => false,
    };

    /// <summary>The whole number of a value: 5, 5.0, true for 1, and texts of digits where they are allowed.</summary>
    internal static int? WholeNumber(JsonNode? node, bool allowText = false)
    {
        switch (node?.GetValueKind())
        {
            case JsonValueKind.True:
                return 1;
            case JsonValueKind.False:
                return 0;
            case JsonValueKind.Number:
                double number = node.GetValue<double>();
                return double.IsInteger(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;
            case JsonValueKind.String when allowText:
                string text = node.GetValue<string>();
                return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int parsed) ? parsed : null;
            default:
                return null;
        }
    }

    /// <summary>A value as Python's str writes it, for names that are no texts: True, None, 1.</summary>
    internal static string Text(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.String => node.GetValue<string>() is var text && text == "NaN" ? "nan" : text,
        JsonValueKind.Number when double.IsInfinity(node.GetValue<double>()) => node.GetValue<double>() > 0 ? "inf" : "-inf",
        _ => node.ToJsonString(),
    };

    private static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    copy[property.Name] = Copy(property.Value);
                return copy;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    private static (string? Word, string? Standard) WordAt(ReadOnlySpan<char> rest)
    {
        foreach (var (word, standard) in Words)
        {
            if (rest.StartsWith(word, StringComparison.Ordinal))
                return (word, standard);
        }

        return default;
    }

    private static int LengthOfTextOrComment(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '"')
        {
            int end = 1;
            while (end < rest.Length && rest[end] != '"')
                end += rest[end] == '\\' ? 2 : 1;
            return Math.Min(end + 1, rest.Length);
        }

        string? close = rest.StartsWith("//") ? "\n" : rest.StartsWith("/*") ? "*/" : null;
        if (close is null)
            return 0;
        int found = rest.IndexOf(close);
        return found < 0 ? rest.Length : found + close.Length;
    }
}
