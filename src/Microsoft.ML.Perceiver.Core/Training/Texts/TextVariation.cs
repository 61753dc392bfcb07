namespace Microsoft.ML.Perceiver;

/// <summary>Varies the token ids of texts as <see cref="PerceiverTextAugmentation"/> says.</summary>
/// <param name="options">How.</param>
/// <param name="maxLength">The longest text in tokens; no variation makes a text longer than this, or than it was.</param>
internal sealed class TextVariation(PerceiverTextAugmentation options, int maxLength)
{
    private const double UpperCaseShare = 0.25;
    private const int LettersOfAlphabet = 26;

    /// <summary>A varied text.</summary>
    /// <param name="ids">The token ids of the text, with <c>[CLS]</c> and <c>[SEP]</c>; not changed.</param>
    /// <param name="random">The random number generator.</param>
    internal int[] Vary(int[] ids, PerceiverRandom random)
    {
        // Always the same number of draws for the kinds, so that one option does not change what another draws.
        bool cuts = random.NextDouble() < options.CutProbability;
        bool changesCase = random.NextDouble() < options.CaseProbability;
        bool mistypes = random.NextDouble() < options.TypoProbability;
        if (cuts)
            ids = Cut(ids, random);
        if (changesCase)
            ids = ChangeCase(ids, upper: random.NextDouble() < UpperCaseShare);
        return mistypes ? Mistype(ids, options.TypoRate * random.NextDouble(), random) : ids;
    }

    // Special tokens are below the bytes, and no letter or space.
    private static bool IsLetter(int id) => id >= PerceiverTokenizer.FirstByteId && char.IsAsciiLetter(CharOf(id));

    private static bool IsSpace(int id) => id == IdOf(' ');

    private static char CharOf(int id) => (char)(id - PerceiverTokenizer.FirstByteId);

    private static int IdOf(char c) => c + PerceiverTokenizer.FirstByteId;

    private static int RandomLetter(PerceiverRandom random) => IdOf((char)('a' + random.Next(LettersOfAlphabet)));

    private static int[] ChangeCase(int[] ids, bool upper) => Array.ConvertAll(ids, id => !IsLetter(id)
        ? id
        : IdOf(upper ? char.ToUpperInvariant(CharOf(id)) : char.ToLowerInvariant(CharOf(id))));

    // At a space, so that words and characters stay whole; a text without a fitting space stays as it is.
    private int[] Cut(int[] ids, PerceiverRandom random)
    {
        bool atEnd = random.Next(2) == 0;
        int least = (int)Math.Ceiling(options.KeptShare * (ids.Length - 2));
        int[] spaces = [.. Enumerable.Range(1, ids.Length - 2).Where(i => IsSpace(ids[i]) && Kept(i) >= least)];
        if (spaces.Length == 0)
            return ids;
        int space = spaces[random.Next(spaces.Length)];
        return atEnd ? [.. ids[..space], ids[^1]] : [ids[0], .. ids[(space + 1)..]];

        int Kept(int i) => atEnd ? i - 1 : ids.Length - 2 - i;
    }

    private int[] Mistype(int[] ids, double rate, PerceiverRandom random)
    {
        int longest = Math.Max(maxLength, ids.Length);
        var typed = new List<int>(ids.Length + 8);
        for (int i = 0; i < ids.Length; i++)
        {
            if (!IsLetter(ids[i]) || random.NextDouble() >= rate)
            {
                typed.Add(ids[i]);
                continue;
            }

            bool hasRoom = typed.Count + ids.Length - i < longest;
            switch (random.Next(5))
            {
                case 0:
                    break;
                case 1 when hasRoom:
                    typed.AddRange([ids[i], ids[i]]);
                    break;
                case 2 when IsLetter(ids[i + 1]):
                    typed.AddRange([ids[i + 1], ids[i]]);
                    i++;
                    break;
                case 3 when hasRoom:
                    typed.AddRange([RandomLetter(random), ids[i]]);
                    break;
                default:
                    typed.Add(RandomLetter(random));
                    break;
            }
        }

        return [.. typed];
    }
}
