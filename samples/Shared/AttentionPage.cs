using System.Globalization;
using System.Net;
using System.Text;

namespace Samples;

/// <summary>Texts as a page of HTML, each letter on the colour of its weight in an attention map.</summary>
internal static class AttentionPage
{
    private const string Head = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>What the model looks at</title><style>
        body { font: 16px/1.7 sans-serif; max-width: 50em; margin: 2em auto; color: #222; background: #fff }
        p { white-space: pre-wrap; overflow-wrap: anywhere } b { margin-right: .7em } small { color: #666 }
        </style></head><body><h1>What the model looks at</h1>
        <p>The stronger the colour, the more of what the result is made of came from there by attention. It does not explain the result.</p>

        """;

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">
    /// Each text with its label and the weights of <c>[CLS]</c>, of each of its UTF-16 units, and of <c>[SEP]</c>, as a stage's column of
    /// attention has them.
    /// </param>
    public static void Save(string path, IEnumerable<(string Text, string Label, float[] Weights)> rows)
    {
        var page = new StringBuilder(Head);
        foreach (var (text, label, weights) in rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p><b>{WebUtility.HtmlEncode(label)}</b>");
            AddLetters(page, text, weights);
            float special = weights[0] + weights[^1];
            page.AppendLine(CultureInfo.InvariantCulture, $" <small>[CLS] and [SEP]: {special:P0}</small></p>");
        }

        File.WriteAllText(path, page.Append("</body></html>\n").ToString());
    }

    private static void AddLetters(StringBuilder page, string text, float[] weights)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        var letters = new List<(string Letter, float Weight)>();
        while (elements.MoveNext())
        {
            string letter = elements.GetTextElement();
            letters.Add((letter, weights.Skip(1 + elements.ElementIndex).Take(letter.Length).Sum()));
        }

        float least = letters.Select(l => l.Weight).DefaultIfEmpty().Min(), most = letters.Select(l => l.Weight).DefaultIfEmpty().Max();
        foreach (var (letter, weight) in letters)
        {
            float share = most > least ? (weight - least) / (most - least) : 0;
            page.Append(CultureInfo.InvariantCulture, $"<span style=\"background:rgba(255,136,0,{share:0.00})\">");
            page.Append(WebUtility.HtmlEncode(letter)).Append("</span>");
        }
    }
}
