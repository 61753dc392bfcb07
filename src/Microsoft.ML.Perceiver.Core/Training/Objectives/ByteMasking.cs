namespace Microsoft.ML.Perceiver;

/// <summary>A text with some of its bytes masked.</summary>
/// <param name="Ids">The token ids that the model reads.</param>
/// <param name="Positions">The positions of the masked bytes.</param>
/// <param name="Answers">The token ids that stood there.</param>
internal sealed record MaskedText(int[] Ids, int[] Positions, int[] Answers);

/// <summary>Chooses bytes of a text and masks them.</summary>
internal sealed class ByteMasking(PerceiverMaskedLanguageOptions options)
{
    /// <summary>Masks a text.</summary>
    /// <param name="ids">Its token ids; not changed.</param>
    /// <param name="random">The random number generator.</param>
    /// <param name="training">Whether some of the bytes may be replaced by others instead.</param>
    /// <exception cref="ArgumentException">The text has nothing to mask.</exception>
    internal MaskedText Mask(int[] ids, PerceiverRandom random, bool training)
    {
        int[] positions = options.WholeWords ? ChooseWords(ids, random) : [];
        // A text of white space alone has no words.
        if (positions.Length == 0)
            positions = Choose(Enumerable.Range(0, ids.Length).Where(i => IsByte(ids[i])).ToArray(), random);
        int[] masked = [.. ids];
        bool mixed = training && options.MixedReplacement;
        foreach (int position in positions)
            masked[position] = mixed ? DrawReplacement(ids[position], random) : PerceiverTokenizer.MaskTokenId;
        return new MaskedText(masked, positions, Array.ConvertAll(positions, p => ids[p]));
    }

    /// <summary>Masks each byte with a probability; where that is 0, the text itself comes back.</summary>
    internal static int[] Drop(int[] ids, double probability, PerceiverRandom random) => probability == 0
        ? ids
        : Array.ConvertAll(ids, id => IsByte(id) && random.NextDouble() < probability ? PerceiverTokenizer.MaskTokenId : id);

    /// <summary>Whether a token can be masked, as special tokens cannot.</summary>
    internal static bool IsByte(int id) => id >= PerceiverTokenizer.FirstByteId;

    private static int DrawReplacement(int id, PerceiverRandom random) => random.NextDouble() switch
    {
        < 0.8 => PerceiverTokenizer.MaskTokenId,
        < 0.9 => PerceiverTokenizer.FirstByteId + random.Next(PerceiverTokenizer.ByteCount),
        _ => id,
    };

    private int[] ChooseWords(int[] ids, PerceiverRandom random)
    {
        var words = new List<int[]>();
        for (int i = 0; i < ids.Length; i++)
        {
            if (!IsByte(ids[i]) || char.IsWhiteSpace((char)(ids[i] - PerceiverTokenizer.FirstByteId)))
                continue;
            int start = i;
            while (IsWordByte(ids[i]) && i + 1 < ids.Length && IsWordByte(ids[i + 1]))
                i++;
            words.Add([.. Enumerable.Range(start, i - start + 1)]);
        }

        return words.Count == 0 ? [] : Choose(words.ToArray(), random).SelectMany(word => word).ToArray();
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
        int value = id - PerceiverTokenizer.FirstByteId;
        return value >= 128 || (value >= 0 && (char.IsAsciiLetterOrDigit((char)value) || value == '\''));
    }
}
