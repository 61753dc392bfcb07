using System.Text.RegularExpressions;

namespace Samples;

/// <summary>Texts as words and runs of three letters, weighed by their rarity (TF-IDF): what a sentence encoder is compared with.</summary>
internal sealed partial class TfIdf
{
    private readonly Dictionary<string, List<(int Row, double Weight)>> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _rarity;

    /// <summary>Counts the terms of texts; each text's weights have length one.</summary>
    /// <param name="texts">The texts.</param>
    public TfIdf(IReadOnlyList<string> texts)
    {
        int count = texts.Count;
        _rarity = texts.SelectMany(text => Terms(text).Distinct()).CountBy(term => term)
            .ToDictionary(t => t.Key, t => Math.Log((1.0 + count) / (1 + t.Value)) + 1, StringComparer.Ordinal);
        foreach (var (row, text) in texts.Index())
        {
            foreach (var (term, weight) in Weights(text))
            {
                if (!_rows.TryGetValue(term, out var list))
                    _rows[term] = list = [];
                list.Add((row, weight));
            }
        }
    }

    /// <summary>The texts with the largest cosines, the best first; none of those that have no term of the query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="count">At most so many.</param>
    public IReadOnlyList<(int Row, double Cosine)> Nearest(string query, int count)
    {
        var cosines = new Dictionary<int, double>();
        foreach (var (term, weight) in Weights(query))
        {
            foreach (var (row, own) in _rows.GetValueOrDefault(term, []))
                cosines[row] = cosines.GetValueOrDefault(row) + weight * own;
        }

        return [.. cosines.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(count).Select(c => (c.Key, c.Value))];
    }

    private Dictionary<string, double> Weights(string text)
    {
        var weights = Terms(text).Where(_rarity.ContainsKey).CountBy(term => term).ToDictionary(t => t.Key, t => t.Value * _rarity[t.Key]);
        double length = Math.Sqrt(weights.Values.Sum(w => w * w));
        return weights.ToDictionary(w => w.Key, w => w.Value / length, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Terms(string text)
    {
        foreach (Match match in Word().Matches(text.ToLowerInvariant()))
        {
            yield return match.Value;
            string padded = $"<{match.Value}>";
            for (int i = 0; i + 3 <= padded.Length; i++)
                yield return string.Concat("3:", padded.AsSpan(i, 3));
        }
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
