namespace Playground;

/// <summary>A label with its probability.</summary>
internal sealed record LabelScore(string Label, float Probability)
{
    private const int Most = 10;

    /// <summary>The most probable labels, the best first.</summary>
    public static IReadOnlyList<LabelScore> Zip(IEnumerable<string> labels, IEnumerable<float> scores) =>
        [.. labels.Zip(scores, (label, score) => new LabelScore(label, score)).OrderByDescending(l => l.Probability).Take(Most)];
}
