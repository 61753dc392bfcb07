using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Fills the masked bytes of texts with a masked language model.</summary>
public sealed class PerceiverMaskFiller
{
    private readonly PerceiverForMaskedLM _model;

    /// <summary>Makes a filler; several may share one model.</summary>
    /// <param name="model">The model, in evaluation mode; the caller disposes it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The model's vocabulary has not all bytes.</exception>
    public PerceiverMaskFiller(PerceiverForMaskedLM model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Config.VocabularySize < PerceiverTokenizer.VocabularySize)
        {
            throw new ArgumentException(
                $"The model has {model.Config.VocabularySize} tokens; bytes need {PerceiverTokenizer.VocabularySize}.", nameof(model));
        }

        _model = model;
    }

    /// <summary>
    /// Finds the best fillings of several texts. Only masked positions are decoded; texts of different length are padded, with an attention
    /// mask.
    /// </summary>
    /// <param name="texts">
    /// Each text's token ids with <c>[CLS]</c> and <c>[SEP]</c>, among them at least one <see cref="PerceiverTokenizer.MaskTokenId"/>.
    /// </param>
    /// <param name="count">Fillings for each text.</param>
    /// <param name="decoding">How several masks are filled together.</param>
    /// <param name="beamWidth">
    /// Hypotheses that <see cref="PerceiverFillMaskDecoding.LeftToRight"/> keeps, at least <paramref name="count"/>.
    /// </param>
    /// <param name="cancellation">Checked between forward passes.</param>
    /// <returns>For each text at most <paramref name="count"/> fillings, the best first.</returns>
    /// <exception cref="ArgumentException">A text has no mask, or is longer than the model takes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is not positive.</exception>
    public IReadOnlyList<IReadOnlyList<PerceiverMaskFilling>> Fill(
        IReadOnlyList<int[]> texts,
        int count = 1,
        PerceiverFillMaskDecoding decoding = PerceiverFillMaskDecoding.OneShot,
        int beamWidth = 8,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beamWidth);
        int[][] positions = texts.Select(MasksOf).ToArray();
        for (int i = 0; i < texts.Count; i++)
        {
            if (positions[i].Length == 0)
                throw new ArgumentException($"Text {i} has no mask.", nameof(texts));
        }

        if (decoding == PerceiverFillMaskDecoding.LeftToRight)
            return texts.Select((t, i) => LeftToRight(t, positions[i], count, Math.Max(count, beamWidth), cancellation)).ToArray();
        cancellation.ThrowIfCancellationRequested();
        var scores = ByteLogProbabilities(texts, positions);
        return texts.Select((_, i) => FillMaskSearch.Best(positions[i], scores[i], count)).ToArray();
    }

    /// <summary>A text's ids with its masks filled.</summary>
    /// <param name="ids">The ids, with masks.</param>
    /// <param name="filling">A filling with one byte for each mask.</param>
    /// <returns>A copy of the ids, with a byte's id in place of each mask.</returns>
    /// <exception cref="ArgumentException">The numbers of masks and bytes differ.</exception>
    public static int[] Apply(IReadOnlyList<int> ids, PerceiverMaskFilling filling)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(filling);
        int used = 0;
        int[] filled = [.. ids];
        for (int i = 0; i < filled.Length; i++)
        {
            if (filled[i] != PerceiverTokenizer.MaskTokenId)
                continue;
            if (used == filling.Bytes.Count)
                break;
            filled[i] = filling.Bytes[used++] + PerceiverTokenizer.FirstByteId;
        }

        if (used == filling.Bytes.Count && !filled.Contains(PerceiverTokenizer.MaskTokenId))
            return filled;
        int masks = ids.Count(id => id == PerceiverTokenizer.MaskTokenId);
        throw new ArgumentException($"The filling has {filling.Bytes.Count} bytes, the text {masks} masks.", nameof(filling));
    }

    private IReadOnlyList<PerceiverMaskFilling> LeftToRight(
        int[] text, int[] positions, int count, int beamWidth, CancellationToken cancellation)
    {
        int[] remaining = FillMaskSearch.RemainingInRun(positions);
        List<FillMaskSearch.Hypothesis> beam = [FillMaskSearch.Hypothesis.Empty];
        List<int[]> texts = [text];
        for (int i = 0; i < positions.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] here = [positions[i]];
            var scores = ByteLogProbabilities(texts, Enumerable.Repeat(here, texts.Count).ToArray());
            beam = FillMaskSearch.Extend(beam, h => scores[h][0], remaining[i], beamWidth)
                .OrderByDescending(h => h.LogProbability).Take(beamWidth).ToList();
            texts = beam.Select(h => Filled(text, positions, h, i + 1)).ToList();
        }

        return FillMaskSearch.Ranked(beam, positions.Length, count);
    }

    private static int[] Filled(int[] text, int[] positions, FillMaskSearch.Hypothesis hypothesis, int length)
    {
        int[] filled = [.. text];
        var bytes = hypothesis.ToFilling(length).Bytes;
        for (int i = 0; i < length; i++)
            filled[positions[i]] = bytes[i] + PerceiverTokenizer.FirstByteId;
        return filled;
    }

    /// <summary>For each text and mask, the logarithms of the probabilities of the 256 bytes among all tokens.</summary>
    private float[][][] ByteLogProbabilities(IReadOnlyList<int[]> texts, int[][] positions)
    {
        int most = positions.Max(p => p.Length);
        long[] padded = new long[texts.Count * most];
        for (int i = 0; i < texts.Count; i++)
        {
            for (int j = 0; j < positions[i].Length; j++)
                padded[i * most + j] = positions[i][j];
        }

        float[][] rows = InferenceScope.Run(() =>
        {
            var (ids, mask) = TokenBatch.ToTensors(texts, _model.Device);
            var logits = _model.LogitsAt(ids, tensor(padded, device: _model.Device).view(texts.Count, most), mask);
            var tokens = logits.to(ScalarType.Float32).log_softmax(-1);
            var bytes = tokens.narrow(-1, PerceiverTokenizer.FirstByteId, PerceiverTokenizer.ByteCount);
            return bytes.contiguous().cpu().data<float>().ToArray().Chunk(PerceiverTokenizer.ByteCount).ToArray();
        });
        return positions.Select((p, i) => rows[(i * most)..(i * most + p.Length)]).ToArray();
    }

    /// <summary>The positions of a text's masks.</summary>
    internal static int[] MasksOf(int[] ids) =>
        Enumerable.Range(0, ids.Length).Where(i => ids[i] == PerceiverTokenizer.MaskTokenId).ToArray();
}
