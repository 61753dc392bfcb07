namespace Pretrain;

/// <summary>
/// Fills a masked byte with the byte that stood most often between the same neighbours in the training texts: up to three known bytes on
/// each side, and fewer where those were never seen together.
/// </summary>
internal sealed class NgramBaseline
{
    private const int Reach = 3, Unknown = 3, FirstByteId = 6, Contexts = (Reach + 1) * (Reach + 1);

    // From the most context to the least, sides as even as may be.
    private static readonly (int Left, int Right)[] Order =
    [
        .. from left in Enumerable.Range(0, Reach + 1)
           from right in Enumerable.Range(0, Reach + 1)
           orderby left + right descending, Math.Abs(left - right), left descending
           select (left, right),
    ];

    private readonly Dictionary<ulong, byte>[] _best = new Dictionary<ulong, byte>[Contexts];

    /// <summary>Counts.</summary>
    /// <param name="files">The training texts.</param>
    public NgramBaseline(IEnumerable<string> files)
    {
        byte[][] texts = files.Select(File.ReadAllBytes).ToArray();
        for (int i = 0; i < Contexts; i++)
            _best[i] = Count(texts, Order[i].Left, Order[i].Right);
    }

    /// <summary>The token that most often stood at a position.</summary>
    /// <param name="ids">The masked text's token ids.</param>
    /// <param name="position">The position.</param>
    public int Fill(ReadOnlySpan<int> ids, int position)
    {
        int left = 0, right = 0;
        while (left < Reach && IsKnown(ids, position - left - 1))
            left++;
        while (right < Reach && IsKnown(ids, position + right + 1))
            right++;
        for (int i = 0; i < Contexts; i++)
        {
            var (l, r) = Order[i];
            if (l > left || r > right)
                continue;
            ulong key = 0;
            for (int j = position - l; j <= position + r; j++)
            {
                if (j != position)
                    key = (key << 8) | (uint)(ids[j] - FirstByteId);
            }

            if (_best[i].TryGetValue(key, out byte best))
                return best + FirstByteId;
        }

        throw new InvalidOperationException("The training texts are empty.");
    }

    private static bool IsKnown(ReadOnlySpan<int> ids, int position) =>
        position >= 0 && position < ids.Length && ids[position] != Unknown && ids[position] >= FirstByteId;

    private static Dictionary<ulong, byte> Count(byte[][] texts, int left, int right)
    {
        // The context in the upper bytes, what stood in it in the lowest: sorted, equal ones lie side by side.
        ulong[] seen = new ulong[texts.Sum(t => Math.Max(0, t.Length - left - right))];
        int count = 0;
        foreach (byte[] text in texts)
        {
            for (int i = left; i < text.Length - right; i++)
            {
                ulong key = 0;
                for (int j = i - left; j <= i + right; j++)
                {
                    if (j != i)
                        key = (key << 8) | text[j];
                }

                seen[count++] = (key << 8) | text[i];
            }
        }

        Array.Sort(seen);
        var best = new Dictionary<ulong, byte>();
        ulong context = ulong.MaxValue;
        int most = 0;
        for (int start = 0, end; start < count; start = end)
        {
            end = start + 1;
            while (end < count && seen[end] == seen[start])
                end++;
            if (seen[start] >> 8 != context)
                (context, most) = (seen[start] >> 8, 0);
            if (end - start > most)
            {
                most = end - start;
                best[context] = (byte)seen[start];
            }
        }

        return best;
    }
}
