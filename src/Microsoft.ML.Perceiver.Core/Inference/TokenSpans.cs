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
        for (int word = 0; word < row.Count; word++)
        {
            string label = row[word] < 0 ? Outside : labels[row[word]];
            if (label == Outside)
                continue;
            bool begins = label.StartsWith(Begin, StringComparison.Ordinal);
            string kind = begins || label.StartsWith(Inside, StringComparison.Ordinal) ? label[Begin.Length..] : label;
            if (!begins && spans is [.., var last] && last.Kind == kind && last.First + last.Count == word)
                spans[^1] = last with { Count = last.Count + 1 };
            else
                spans.Add((word, 1, kind));
        }

        return spans;
    }

    /// <summary>The labels of spans of some kinds.</summary>
    internal static string[] LabelsOf(IReadOnlyList<string> kinds) =>
        [Outside, .. kinds.SelectMany(kind => new[] { Begin + kind, Inside + kind })];

    /// <summary>The index, among the labels of spans of some kinds, of a word in a span; a negative kind as it is.</summary>
    internal static int IndexOf(int kind, bool isFirst) => kind < 0 ? kind : 1 + 2 * kind + (isFirst ? 0 : 1);
}
