using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace Pretrain;

/// <summary>How well masked bytes of texts are filled, by a model and by counting.</summary>
/// <param name="Masks">How many were masked.</param>
/// <param name="Accuracy">The share that the model fills with the right byte.</param>
/// <param name="Perplexity">The exponential of the model's mean cross-entropy.</param>
/// <param name="NgramAccuracy">The share that counting fills with the right byte.</param>
internal sealed record Judgement(long Masks, double Accuracy, double Perplexity, double NgramAccuracy);

/// <summary>Masks texts and fills them.</summary>
internal static class Judge
{
    private const int MaskId = 3, FirstByteId = 6, BatchSize = 32, Seed = 2021;

    /// <summary>Judges.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ngram">What it is compared with.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="choose">Which positions of a text are masked.</param>
    public static Judgement Run(
        PerceiverForMaskedLM model, NgramBaseline ngram, PerceiverRows<int[]> texts, Func<int[], Random, IEnumerable<int>> choose)
    {
        var random = new Random(Seed);
        long masks = 0, right = 0, counted = 0;
        double loss = 0;
        foreach (int[] batch in Enumerable.Range(0, texts.Count).OrderBy(texts.LengthOf).Chunk(BatchSize))
        {
            var rows = batch
                .Select(i => texts.Read(i))
                .Select(t => (Text: t, Positions: choose(t, random).ToArray()))
                .Where(r => r.Positions.Length > 0)
                .ToArray();
            foreach (var group in rows.GroupBy(r => r.Text.Length))
            {
                using var scope = NewDisposeScope();
                using var inference = inference_mode();
                var members = group.ToArray();
                int[][] masked = Array.ConvertAll(members, m => m.Text.Select((id, i) => m.Positions.Contains(i) ? MaskId : id).ToArray());
                int most = members.Max(m => m.Positions.Length);
                // Texts with fewer masks than the others have their first one several times.
                IEnumerable<int> Padded(int[] some) => some.Concat(Enumerable.Repeat(some[0], most - some.Length));
                long[] positions = [.. members.SelectMany(m => Padded(m.Positions)).Select(p => (long)p)];
                var ids = tensor(masked.SelectMany(m => m.Select(id => (long)id)).ToArray(), members.Length, group.Key);
                var logits = model.LogitsAt(ids, tensor(positions, members.Length, most)).log_softmax(-1);
                long[] best = logits.argmax(-1).data<long>().ToArray();
                float[] scores = logits.contiguous().data<float>().ToArray();
                int vocabulary = (int)logits.shape[^1];
                for (int i = 0; i < members.Length; i++)
                {
                    for (int j = 0; j < members[i].Positions.Length; j++)
                    {
                        int position = members[i].Positions[j], expected = members[i].Text[position];
                        masks++;
                        right += best[i * most + j] == expected ? 1 : 0;
                        loss -= scores[(i * most + j) * vocabulary + expected];
                        counted += ngram.Fill(masked[i], position) == expected ? 1 : 0;
                    }
                }
            }
        }

        return new Judgement(masks, right / (double)masks, Math.Exp(loss / masks), counted / (double)masks);
    }

    /// <summary>Each byte with a probability of 15%, whatever becomes of the others.</summary>
    public static IEnumerable<int> Bytes(int[] text, Random random) =>
        Enumerable.Range(0, text.Length).Where(i => text[i] >= FirstByteId && random.NextDouble() < 0.15);

    /// <summary>Each word with a probability of 15%.</summary>
    public static IEnumerable<int> Words(int[] text, Random random)
    {
        for (int i = 0; i < text.Length; i++)
        {
            int start = i;
            while (i < text.Length && text[i] >= FirstByteId && char.IsAsciiLetter((char)(text[i] - FirstByteId)))
                i++;
            if (i > start && random.NextDouble() < 0.15)
            {
                for (int j = start; j < i; j++)
                    yield return j;
            }
        }
    }
}
