namespace Microsoft.ML.Perceiver;

/// <summary>A text with some of its bytes replaced, and which.</summary>
/// <param name="Ids">The text that the model reads.</param>
/// <param name="Positions">The positions that it is asked for.</param>
/// <param name="Answers">What stood there.</param>
internal sealed record MaskedText(int[] Ids, int[] Positions, int[] Answers);

/// <summary>Chooses and replaces bytes.</summary>
internal sealed class ByteMasking(PerceiverMaskedLanguageOptions options)
{
    private const int MaskId = 3, FirstByteId = 6, Bytes = 256;

    /// <summary>Masks a text.</summary>
    /// <param name="ids">Its token ids; not changed.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="training">Whether the replacements may be mixed.</param>
    /// <exception cref="ArgumentException">The text has nothing to mask.</exception>
    internal MaskedText Mask(int[] ids, PerceiverRandom random, bool training)
    {
        int[] positions = options.WholeWords ? Words(ids, random) : [];
        // A text of white space alone has no words.
        if (positions.Length == 0)
            positions = Choose(Enumerable.Range(0, ids.Length).Where(i => IsByte(ids[i])).ToArray(), random);
        int[] masked = [.. ids];
        foreach (int position in positions)
            masked[position] = training && options.MixedReplacement ? Replacement(ids[position], random) : MaskId;
        return new MaskedText(masked, positions, Array.ConvertAll(positions, p => ids[p]));
    }

    /// <summary>Masks each byte with a probability, or none; gives the text itself where nothing is to be masked.</summary>
    internal static int[] Drop(int[] ids, double probability, PerceiverRandom random) =>
        probability == 0 ? ids : Array.ConvertAll(ids, id => IsByte(id) && random.NextDouble() < probability ? MaskId : id);

    /// <summary>Whether a token can be masked, as special tokens cannot.</summary>
    internal static bool IsByte(int id) => id >= FirstByteId;

    private static int Replacement(int id, PerceiverRandom random)
    {
        double chance = random.NextDouble();
        return chance < 0.8 ? MaskId : chance < 0.9 ? FirstByteId + random.Next(Bytes) : id;
    }

    private int[] Words(int[] ids, PerceiverRandom random)
    {
        var words = new List<(int Start, int End)>();
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] < FirstByteId || char.IsWhiteSpace((char)(ids[i] - FirstByteId)))
                continue;
            int start = i;
            while (IsWordByte(ids[i]) && i + 1 < ids.Length && IsWordByte(ids[i + 1]))
                i++;
            words.Add((start, i));
        }

        return words.Count == 0 ? [] : Choose(words.ToArray(), random).SelectMany(w => Enumerable.Range(w.Start, w.End - w.Start + 1)).ToArray();
    }

    private T[] Choose<T>(T[] items, PerceiverRandom random)
    {
        if (items.Length == 0)
            throw new ArgumentException("A text without a byte has nothing to mask.", nameof(items));
        var chosen = items.Where(_ => random.NextDouble() < options.MaskProbability).ToArray();
        return chosen.Length > 0 ? chosen : [items[random.Next(items.Length)]];
    }

    private static bool IsWordByte(int id)
    {
        int value = id - FirstByteId;
        return value >= 128 || (value >= 0 && (char.IsAsciiLetterOrDigit((char)value) || value == '\''));
    }
}
