using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Playground;

/// <summary>
/// The Markdown of model cards as HTML: headings, paragraphs, lists, tables, code, emphasis. Everything else stays as text, links
/// included, so that a card can neither run a script nor request anything.
/// </summary>
internal static partial class Markdown
{
    /// <summary>The HTML of a text.</summary>
    public static string ToHtml(string text)
    {
        var html = new StringBuilder();
        foreach (string block in Blocks(text.ReplaceLineEndings("\n")))
            html.AppendLine(BlockToHtml(block));
        return html.ToString();
    }

    // Blocks have empty lines between them; a heading is one by itself.
    private static string[] Blocks(string text) =>
        HeadingLine().Replace(text, "\n$1\n").Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string BlockToHtml(string block)
    {
        if (HeadingLine().Match(block) is { Success: true } heading)
        {
            int level = heading.Groups[2].Length;
            return $"<h{level}>{Inline(heading.Groups[3].Value)}</h{level}>";
        }

        if (block.StartsWith("```", StringComparison.Ordinal))
            return $"<pre>{WebUtility.HtmlEncode(FenceLine().Replace(block, "").Trim('\n'))}</pre>";
        if (block.StartsWith('|'))
            return Table(block.Split('\n'));
        if (block.StartsWith("- ", StringComparison.Ordinal))
        {
            var items = ("\n" + block).Split("\n- ").Skip(1).Select(item => $"<li>{Inline(item)}</li>");
            return $"<ul>{string.Concat(items)}</ul>";
        }

        bool isQuote = block.StartsWith("> ", StringComparison.Ordinal);
        string paragraph = isQuote ? block.Replace("\n> ", "\n", StringComparison.Ordinal)[2..] : block;
        return $"<p>{Inline(paragraph)}</p>";
    }

    private static string Table(string[] lines)
    {
        static string Row(string line, string cell) => $"<tr>{string.Concat(
            line.Trim().Trim('|').Split('|').Select(value => $"<{cell}>{Inline(value.Trim())}</{cell}>"))}</tr>";
        string head = lines[0].Any(char.IsLetterOrDigit) ? Row(lines[0], "th") : "";
        // The second line says that the first is the head.
        return $"<div class=\"wide\"><table>{head}{string.Concat(lines.Skip(2).Select(line => Row(line, "td")))}</table></div>";
    }

    private static string Inline(string text)
    {
        string encoded = WebUtility.HtmlEncode(text);
        string withCode = CodeSpan().Replace(encoded, "<code>$1</code>");
        return EmphasisSpan().Replace(withCode, "<em>$1</em>");
    }

    [GeneratedRegex(@"^((#{1,4}) (.+))$", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();

    [GeneratedRegex("^```.*$", RegexOptions.Multiline)]
    private static partial Regex FenceLine();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])")]
    private static partial Regex EmphasisSpan();
}
