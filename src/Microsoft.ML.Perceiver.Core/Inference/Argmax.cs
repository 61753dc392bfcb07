namespace Microsoft.ML.Perceiver;

/// <summary>The index of the largest score; of equal ones, of the first.</summary>
internal static class Argmax
{
    internal static int Of(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }

        return best;
    }

    /// <summary>The index within each row.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="width">The scores of a row.</param>
    internal static int[] OfRows(ReadOnlySpan<float> scores, int width)
    {
        int[] best = new int[scores.Length / width];
        for (int row = 0; row < best.Length; row++)
            best[row] = Of(scores.Slice(row * width, width));
        return best;
    }
}
