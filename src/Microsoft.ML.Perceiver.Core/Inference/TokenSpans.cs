namespace Microsoft.ML.Perceiver;

/// <summary>
/// Spans of words that labels say. <c>B-X</c> begins a span of kind X and <c>I-X</c> goes on with it; <c>O</c> is outside of any; adjacent
/// words with the same label of another form are one span.
/// </summary>
/// <param name="labels">The labels in the order of their indices.</param>
internal sealed class TokenSpans(IReadOnlyList<string> labels)
{
    internal const string Outside = "O", Begin = "B-", Inside = "I-";

    /// <summary>Whether the labels tell spans from what lies between them.</summary>
    internal bool Exist { get; } = labels.Contains(Outside);

    /// <summary>The spans of a row.</summary>
    /// <param name="row">The index of each word's label; a negative one is outside of any span.</param>
    /// <returns>The first word, the number of words and the kind of each span, in their order.</returns>
    internal IReadOnlyList<(int First, int Count, string Kind)> Of(IReadOnlyList<int> row)
    {
        var spans = new List<(int First, int Count, string Kind)>();
        for (int i = 0; i < row.Count; i++)
        {
            string label = row[i] < 0 ? Outside : labels[row[i]];
            if (label == Outside)
                continue;
            string kind = KindOf(label);
            bool goesOn = !label.StartsWith(Begin, StringComparison.Ordinal) && spans.Count > 0
                && spans[^1].First + spans[^1].Count == i && spans[^1].Kind == kind;
            if (goesOn)
                spans[^1] = (spans[^1].First, spans[^1].Count + 1, kind);
            else
                spans.Add((i, 1, kind));
        }

        return spans;
    }

    /// <summary>The labels of spans of some kinds.</summary>
    internal static string[] LabelsOf(IReadOnlyList<string> kinds) =>
        [Outside, .. kinds.SelectMany(kind => new[] { Begin + kind, Inside + kind })];

    /// <summary>The index, among the labels of spans of some kinds, of a word in a span.</summary>
    internal static int IndexOf(int kind, bool isFirst) => 1 + 2 * kind + (isFirst ? 0 : 1);

    private static string KindOf(string label)
    {
        bool hasPrefix = label.StartsWith(Begin, StringComparison.Ordinal) || label.StartsWith(Inside, StringComparison.Ordinal);
        return hasPrefix ? label[Begin.Length..] : label;
    }
}
