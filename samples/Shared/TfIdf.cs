using System.Text.RegularExpressions;

namespace Pretrain.Distill;

/// <summary>Texts as weighted words and runs of three letters: what is to be beaten.</summary>
internal sealed partial class TfIdf
{
    private readonly Dictionary<string, List<(int Row, double Weight)>> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _rarity;
    private readonly int _count;

    /// <summary>Counts the terms of texts and weighs them by their rarity; each text has length one.</summary>
    public TfIdf(IReadOnlyList<string> texts)
    {
        _count = texts.Count;
        _rarity = texts.SelectMany(text => Terms(text).Distinct()).CountBy(term => term)
            .ToDictionary(t => t.Key, t => Math.Log((1.0 + _count) / (1 + t.Value)) + 1, StringComparer.Ordinal);
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

    /// <summary>For each query the index of the text with the largest cosine.</summary>
    public int[] Nearest(IEnumerable<string> queries) => [.. queries.AsParallel().AsOrdered().Select(query =>
    {
        double[] cosines = new double[_count];
        foreach (var (term, weight) in Weights(query))
        {
            foreach (var (row, own) in _rows.GetValueOrDefault(term, []))
                cosines[row] += weight * own;
        }

        return Array.IndexOf(cosines, cosines.Max());
    })];

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
