using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The words of a text, joined by spaces, and a label for each.</summary>
/// <param name="Ids">Its token ids with <c>[CLS]</c> and <c>[SEP]</c>.</param>
/// <param name="Words">The word that each token is of, counted from 0; -1 for none.</param>
/// <param name="Labels">The index of each word's label; <see cref="PerceiverForMaskedLM.IgnoredLabel"/> for a word without one.</param>
public sealed record PerceiverTokenExample(int[] Ids, int[] Words, int[] Labels) : IPerceiverRow
{
    int IPerceiverRow.Length => Ids.Length;

    /// <summary>Reads words, as many as fit.</summary>
    /// <param name="words">The words.</param>
    /// <param name="labels">The label of each word; those of words that do not fit are left out.</param>
    /// <param name="maxTokens">The most tokens, 3 at least; a first word that is longer is cut.</param>
    /// <returns>The example.</returns>
    public static PerceiverTokenExample FromWords(IReadOnlyList<string> words, IReadOnlyList<int> labels, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Count, words.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 3);
        List<int> ids = [PerceiverTokenizer.ClsTokenId], owners = [-1];
        int read = 0;
        for (; read < words.Count; read++)
        {
            string separator = read == 0 ? "" : " ";
            byte[] bytes = Encoding.UTF8.GetBytes(separator + words[read]);
            int room = maxTokens - 1 - ids.Count;
            if (bytes.Length > room && read > 0)
                break;
            ids.AddRange(bytes.Take(room).Select(b => b + PerceiverTokenizer.FirstByteId));
            // An empty word has the separator as its only token.
            int skipped = bytes.Length > 1 ? separator.Length : 0;
            owners.AddRange(Enumerable.Range(0, Math.Min(room, bytes.Length)).Select(i => i < skipped ? -1 : read));
        }

        return new PerceiverTokenExample([.. ids, PerceiverTokenizer.SepTokenId], [.. owners, -1], [.. labels.Take(read)]);
    }

    /// <summary>Examples as the model takes them: ids and words, int64 [examples, longest], and their mask.</summary>
    internal static (Tensor Ids, Tensor Words, Tensor? Mask) ToTensors(IReadOnlyList<PerceiverTokenExample> examples, Device device)
    {
        var (ids, mask) = TokenBatch.ToTensors([.. examples.Select(e => e.Ids)], device);
        return (ids, TokenBatch.Pad([.. examples.Select(e => e.Words)], -1, device), mask);
    }

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint) => fingerprint.Add<int>(Labels);

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint) => fingerprint.Add<int>(Ids);
}
