using System.Globalization;
using System.Text;

namespace Playground;

/// <summary>Strings as C# writes them.</summary>
internal static class CSharpLiteral
{
    /// <summary>A string in quotes; what has no sign of its own is escaped.</summary>
    public static string Of(string value)
    {
        var literal = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            literal.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => IsShown(rune) ? rune.ToString() : Escaped(rune),
            });
        }

        return literal.Append('"').ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Escaped(Rune rune) => $"\\U{rune.Value:X8}";
}
