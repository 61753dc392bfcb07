namespace Microsoft.ML.Perceiver.Distributed.TestHost;

/// <summary>Tiny models and rows for them.</summary>
internal static class Rows
{
    internal static PerceiverConfig Config { get; } = new()
    {
        NumLatents = 6,
        LatentChannels = 16,
        ModelChannels = 24,
        NumSelfAttendsPerBlock = 2,
        NumBlocks = 2,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 2,
        MaxPositionEmbeddings = 40,
        AttentionDropout = 0,
    };

    /// <summary>An objective: fixed masks of a language model, words with and without a label, or classes with weights.</summary>
    /// <param name="kind">language, words or classes.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="config">The model.</param>
    /// <param name="count">Training rows.</param>
    /// <param name="changed">A row whose content is another.</param>
    internal static IPerceiverObjective Objective(
        string kind, PerceiverTrainingOptions options, PerceiverConfig config, int count, int? changed = null)
    {
        var random = new Random(7);
        int[] Draw() => [.. Enumerable.Range(0, random.Next(4, 30)).Select(_ => random.Next('a', 'f') + 6)];
        int[][] texts = [.. Enumerable.Range(0, count + 6).Select(_ => (int[])[4, .. Draw(), 5])];
        if (changed is { } row)
            texts[row][1]++;
        switch (kind)
        {
            case "language":
                return new PerceiverMaskedLanguageObjective(
                    new PerceiverForMaskedLM(config, seed: 5),
                    PerceiverTextRows.FromTokens(texts[..count]),
                    PerceiverTextRows.FromTokens(texts[count..]),
                    options,
                    new PerceiverMaskedLanguageOptions { Dynamic = options.Optimizer == PerceiverOptimizer.Lamb });
            case "words":
                PerceiverTokenExample[] words = [.. texts.Select(Words)];
                return new PerceiverTokenClassificationObjective(
                    new PerceiverForTokenClassification(config, seed: 5), [.. words[..count]], [.. words[count..]], options);
            default:
                PerceiverTextExample[] rows = [.. texts.Select((text, i) => new PerceiverTextExample(text, [i % 3 == 0 ? 1 : 0]))];
                return new PerceiverTextClassificationObjective(
                    new PerceiverForSequenceClassification(config, seed: 5),
                    PerceiverProblemType.SingleLabel,
                    [.. rows[..count]],
                    [.. rows[count..]],
                    options);
        }
    }

    // Words of three bytes; every fourth word has no label, and texts of few bytes have none with one.
    private static PerceiverTokenExample Words(int[] text)
    {
        int count = (text.Length - 2) / 3;
        int[] owners = [.. text.Select((_, i) => i == 0 || (i - 1) / 3 >= count ? -1 : (i - 1) / 3)];
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 4 == 0 ? -100 : text[1 + i * 3] % 2)];
        return new PerceiverTokenExample(text, owners, labels);
    }
}
