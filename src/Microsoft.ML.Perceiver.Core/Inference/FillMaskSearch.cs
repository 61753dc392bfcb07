namespace Microsoft.ML.Perceiver;

/// <summary>
/// Finds the best fillings of masked bytes among those that are valid UTF-8. Adjacent masks form a run; as a run lies between whole
/// characters, it must consist of whole characters itself.
/// </summary>
internal static class FillMaskSearch
{
    /// <summary>An unfinished filling.</summary>
    /// <param name="Previous">The filling without its last byte; null before the first.</param>
    /// <param name="Last">The last byte.</param>
    /// <param name="State">The state of the current character, of <see cref="Utf8State"/>.</param>
    /// <param name="LogProbability">Of all bytes so far.</param>
    internal sealed record Hypothesis(Hypothesis? Previous, byte Last, int State, double LogProbability)
    {
        internal static Hypothesis Empty { get; } = new(null, 0, Utf8State.Start, 0);

        internal PerceiverMaskFilling ToFilling(int length)
        {
            byte[] bytes = new byte[length];
            var hypothesis = this;
            for (int i = length - 1; i >= 0; i--, hypothesis = hypothesis.Previous!)
                bytes[i] = hypothesis.Last;
            return new PerceiverMaskFilling(bytes, (float)LogProbability);
        }
    }

    /// <summary>How many masks of the same run follow each mask: the bytes that a character that begins there may still take.</summary>
    /// <param name="positions">The masks' positions in the text, ascending.</param>
    internal static int[] RemainingInRun(IReadOnlyList<int> positions)
    {
        int[] remaining = new int[positions.Count];
        for (int i = positions.Count - 2; i >= 0; i--)
            remaining[i] = positions[i + 1] == positions[i] + 1 ? remaining[i + 1] + 1 : 0;
        return remaining;
    }

    /// <summary>The fillings with the largest product of independent probabilities; exact.</summary>
    /// <param name="positions">The masks' positions, ascending.</param>
    /// <param name="logProbabilities">For each mask, the logarithms of the probabilities of the 256 bytes.</param>
    /// <param name="count">How many fillings.</param>
    /// <returns>At most <paramref name="count"/> fillings, the best first.</returns>
    internal static IReadOnlyList<PerceiverMaskFilling> Best(
        IReadOnlyList<int> positions, IReadOnlyList<float[]> logProbabilities, int count)
    {
        int[] remaining = RemainingInRun(positions);
        List<Hypothesis> hypotheses = [Hypothesis.Empty];
        for (int i = 0; i < positions.Count; i++)
        {
            // The best of each state are kept: the bytes to come decide between states, but not between hypotheses of one state.
            hypotheses = Extend(hypotheses, _ => logProbabilities[i], remaining[i], count)
                .GroupBy(h => h.State)
                .SelectMany(g => g.OrderByDescending(h => h.LogProbability).Take(count))
                .ToList();
        }

        return Ranked(hypotheses, positions.Count, count);
    }

    /// <summary>
    /// All valid continuations of hypotheses by one byte, at most <paramref name="width"/> for each hypothesis and next state.
    /// </summary>
    /// <param name="hypotheses">The hypotheses so far.</param>
    /// <param name="logProbabilities">For a hypothesis' index, the logarithms of the probabilities of the 256 bytes.</param>
    /// <param name="remaining">How many masks of the run follow.</param>
    /// <param name="width">How many continuations of one hypothesis can matter.</param>
    internal static IEnumerable<Hypothesis> Extend(
        IReadOnlyList<Hypothesis> hypotheses, Func<int, float[]> logProbabilities, int remaining, int width)
    {
        for (int h = 0; h < hypotheses.Count; h++)
        {
            var from = hypotheses[h];
            float[] scores = logProbabilities(h);
            var byState = new List<Hypothesis>[Utf8State.Count];
            for (int value = 0; value < 256; value++)
            {
                int next = Utf8State.Next(from.State, (byte)value);
                if (next == Utf8State.Invalid || Utf8State.BytesMissing(next) > remaining)
                    continue;
                (byState[next] ??= []).Add(new Hypothesis(from, (byte)value, next, from.LogProbability + scores[value]));
            }

            var best = byState.Where(s => s is not null).SelectMany(s => s.OrderByDescending(x => x.LogProbability).Take(width));
            foreach (var extended in best)
                yield return extended;
        }
    }

    internal static IReadOnlyList<PerceiverMaskFilling> Ranked(IEnumerable<Hypothesis> hypotheses, int length, int count) =>
        hypotheses.OrderByDescending(h => h.LogProbability).Take(count).Select(h => h.ToFilling(length)).ToArray();
}
