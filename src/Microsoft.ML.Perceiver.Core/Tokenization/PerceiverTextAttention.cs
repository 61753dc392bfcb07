using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>The weights of a text's tokens, as an attention map has them, brought back to the characters of the text.</summary>
public static class PerceiverTextAttention
{
    /// <summary>
    /// A weight for each character: the sum of those of its bytes. A special token that the text itself has, as <c>[MASK]</c>, gives its
    /// weight to its characters evenly, and so does a character of two UTF-16 units.
    /// </summary>
    /// <param name="weights">A weight for each token that the model reads, special tokens included.</param>
    /// <param name="text">The text.</param>
    /// <param name="secondText">The second text; null for none.</param>
    /// <param name="maxLength">
    /// The most tokens that the model was given, where the texts were cut to them; null for the number of the weights.
    /// </param>
    /// <returns>
    /// The weight of <c>[CLS]</c>, one for each UTF-16 unit of the text, and that of <c>[SEP]</c>; with a second text also one for each
    /// of its units and that of the last <c>[SEP]</c>. The sum is that of <paramref name="weights"/>; what was cut off has 0.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The texts have another number of tokens than there are weights, or are no valid Unicode.
    /// </exception>
    public static float[] ByCharacter(ReadOnlySpan<float> weights, string text, string? secondText = null, int? maxLength = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        int[] ids = PerceiverTokenizer.Default.EncodeForModel(text, secondText, maxLength ?? weights.Length, out _, out int first);
        if (ids.Length != weights.Length)
        {
            throw new ArgumentException(
                $"There are {weights.Length} weights; the text has {ids.Length} tokens, special tokens included.", nameof(weights));
        }

        return Join(weights, ids, first, text, secondText);
    }

    /// <summary>As <see cref="ByCharacter"/>, for tokens that are known.</summary>
    /// <param name="weights">A weight for each token.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="first">How many are of the first text.</param>
    /// <param name="text">The text.</param>
    /// <param name="secondText">The second text; null for none.</param>
    internal static float[] Join(ReadOnlySpan<float> weights, ReadOnlySpan<int> ids, int first, string text, string? secondText)
    {
        float[] result = new float[text.Length + 2 + (secondText is null ? 0 : secondText.Length + 1)];
        int separator = 1 + first;
        result[0] = weights[0];
        Add(weights[1..separator], ids[1..separator], text, result.AsSpan(1));
        result[text.Length + 1] = weights[separator];
        if (secondText is not null)
        {
            Add(weights[(separator + 1)..^1], ids[(separator + 1)..^1], secondText, result.AsSpan(text.Length + 2));
            result[^1] = weights[^1];
        }

        return result;
    }

    /// <summary>Adds the weights of tokens to those of the characters that they stand for.</summary>
    /// <param name="weights">A weight for each token.</param>
    /// <param name="ids">The tokens of the text's beginning: bytes, or special tokens that it has.</param>
    /// <param name="text">The text.</param>
    /// <param name="result">Where they are added: a number for each UTF-16 unit.</param>
    internal static void Add(ReadOnlySpan<float> weights, ReadOnlySpan<int> ids, ReadOnlySpan<char> text, Span<float> result)
    {
        int next = 0;
        for (int i = 0; i < ids.Length;)
        {
            int tokens = 1, units;
            if (ids[i] < PerceiverTokenizer.FirstByteId)
            {
                units = PerceiverTokenizer.Default.TokenOf(ids[i]).Length;
            }
            else
            {
                Rune.DecodeFromUtf16(text[next..], out var rune, out units);
                // The last character may be cut.
                tokens = Math.Min(rune.Utf8SequenceLength, ids.Length - i);
            }

            float sum = 0;
            foreach (float weight in weights.Slice(i, tokens))
                sum += weight;
            for (int unit = 0; unit < units; unit++)
                result[next + unit] += sum / units;
            (i, next) = (i + tokens, next + units);
        }
    }
}
