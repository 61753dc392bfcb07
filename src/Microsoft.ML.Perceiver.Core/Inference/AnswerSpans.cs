namespace Microsoft.ML.Perceiver;

/// <summary>The spans of a part of a context that are the likeliest answers.</summary>
internal static class AnswerSpans
{
    /// <summary>Finds them.</summary>
    /// <param name="start">The probability of each byte of the part to be the answer's first one.</param>
    /// <param name="end">The probability to be its last one.</param>
    /// <param name="bytes">The part, UTF-8.</param>
    /// <param name="longest">The most bytes of an answer.</param>
    /// <param name="count">How many answers are wanted at most.</param>
    /// <returns>
    /// The first byte, the number of bytes and the probability of each, the likeliest first. They are whole characters, and neither begin
    /// nor end with white space.
    /// </returns>
    internal static IReadOnlyList<(int First, int Count, float Probability)> Best(
        ReadOnlySpan<float> start, ReadOnlySpan<float> end, ReadOnlySpan<byte> bytes, int longest, int count)
    {
        // The least likely of those kept comes out first.
        var kept = new PriorityQueue<(int First, int Count, float Probability), float>();
        for (int first = 0; first < bytes.Length; first++)
        {
            if (!IsFirst(bytes, first))
                continue;
            for (int last = first; last < Math.Min(bytes.Length, first + longest); last++)
            {
                float probability = start[first] * end[last];
                if ((kept.Count == count && probability <= kept.Peek().Probability) || !IsLast(bytes, last))
                    continue;
                if (kept.Count == count)
                    kept.Dequeue();
                kept.Enqueue((first, last - first + 1, probability), probability);
            }
        }

        return [.. kept.UnorderedItems.Select(item => item.Element).OrderByDescending(span => span.Probability).ThenBy(span => span.First)];
    }

    private static bool IsFirst(ReadOnlySpan<byte> bytes, int index) => !Utf8Text.IsContinuation(bytes[index]) && !IsSpace(bytes[index]);

    private static bool IsLast(ReadOnlySpan<byte> bytes, int index) =>
        (index + 1 == bytes.Length || !Utf8Text.IsContinuation(bytes[index + 1])) && !IsSpace(bytes[index]);

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);
}
