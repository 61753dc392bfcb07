using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BatchScore.Outputs;

/// <summary>Values as fields of tab-separated files: tab, line feed, carriage return and backslash are \t, \n, \r and \\.</summary>
internal static class TsvText
{
    /// <summary>A value as a field; a missing one is empty.</summary>
    /// <param name="value">The value.</param>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => Escape(text),
        bool boolean => boolean ? "true" : "false",
        float[] list => JsonSerializer.Serialize(list.Select(number => float.IsFinite(number) ? (float?)number : null)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"{value.GetType()} has no text."),
    };

    /// <summary>A text without tabs and line ends.</summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny("\t\n\r\\") < 0)
            return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\\' => escaped.Append("\\\\"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>The text that was escaped.</summary>
    /// <param name="field">The field.</param>
    public static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
            return field;
        var text = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            char c = field[i];
            if (c == '\\' && ++i < field.Length)
                c = field[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', var other => other };
            text.Append(c);
        }

        return text.ToString();
    }
}
