namespace Microsoft.ML.Perceiver;

/// <summary>Truncation and padding of token sequences as in the reference's <c>prepare_for_model</c> and <c>pad</c>.</summary>
internal static class TokenSequences
{
    /// <summary>Truncates a sequence or a pair.</summary>
    /// <returns>The remaining tokens, and the removed ones after as many as the stride.</returns>
    internal static (int[] First, int[]? Second, int[] Overflow) Truncate(
        int[] first, int[]? second, int remove, PerceiverTokenizerTruncation truncation, PerceiverTokenizerSide side, int stride)
    {
        if (truncation == PerceiverTokenizerTruncation.OnlyFirst
            || (truncation == PerceiverTokenizerTruncation.LongestFirst && second is null))
        {
            var (kept, overflow) = Cut(first, remove, side, stride);
            return (kept, second, overflow);
        }

        if (truncation == PerceiverTokenizerTruncation.LongestFirst)
        {
            var (a, b) = Balance(first.Length, second!.Length, remove);
            return (Drop(first, a, side), Drop(second, b, side), []);
        }

        if (truncation == PerceiverTokenizerTruncation.OnlySecond && second is not null)
        {
            var (kept, overflow) = Cut(second, remove, side, stride);
            return (first, kept, overflow);
        }

        return (first, second, []);
    }

    /// <summary>
    /// How many tokens each of a pair loses when the longer one loses one at a time (the second where both are equally long).
    /// </summary>
    internal static (int First, int Second) Balance(int first, int second, int remove)
    {
        int a = first, b = second;
        for (int i = 0; i < remove && a + b > 0; i++)
        {
            if (a > b)
                a--;
            else
                b--;
        }

        return (first - a, second - b);
    }

    /// <summary>Adds a number of copies of a value at one end.</summary>
    internal static IReadOnlyList<int>? Pad(IReadOnlyList<int>? values, int count, int value, PerceiverTokenizerSide side)
    {
        if (values is null || count <= 0)
            return values;
        int[] padding = new int[count];
        Array.Fill(padding, value);
        return side == PerceiverTokenizerSide.Right ? (int[])[.. values, .. padding] : (int[])[.. padding, .. values];
    }

    private static (int[] Kept, int[] Overflow) Cut(int[] ids, int remove, PerceiverTokenizerSide side, int stride)
    {
        if (ids.Length <= remove)
            return (ids, []);
        int window = Math.Min(ids.Length, stride + remove);
        return (Drop(ids, remove, side), side == PerceiverTokenizerSide.Left ? ids[..window] : ids[^window..]);
    }

    private static int[] Drop(int[] ids, int count, PerceiverTokenizerSide side) =>
        side == PerceiverTokenizerSide.Left ? ids[count..] : ids[..^count];
}
