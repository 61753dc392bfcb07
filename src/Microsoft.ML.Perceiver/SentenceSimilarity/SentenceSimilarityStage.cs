global using SentenceSimilarityContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverSentenceSimilarityOptions,
    Microsoft.ML.Perceiver.SentenceSimilarityFound,
    Microsoft.ML.Perceiver.PerceiverForSentenceEmbedding>;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Pairs of texts to numbers that say how alike they are.</summary>
internal sealed class SentenceSimilarityStage(SentenceSimilarityContent content)
    : TextStage<PerceiverForSentenceEmbedding, SentencePair, float>(content.Model, content.Options, content.Found.MaxLength)
{
    public override IReadOnlyList<OutputColumn<float>> Outputs { get; } = OutputsOf(content.Options);

    /// <summary>The column that is written.</summary>
    internal static IReadOnlyList<OutputColumn<float>> OutputsOf(PerceiverSentenceSimilarityOptions options) =>
    [
        OutputColumn<float>.Scalar(
            options.ScoreColumnName, NumberDataViewType.Single, score => score, StageAnnotations.Score("Regression")),
    ];

    internal override bool IsCut(SentencePair input) => input.First.IsTruncated || input.Second.IsTruncated;

    internal override Func<SentencePair> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        SentencePair.CreateReader(row, columns, content.Found.MaxLength, content.Options);

    internal override float[] Score(IReadOnlyList<SentencePair> window)
    {
        int[][] texts = [.. window.Select(pair => pair.First.Ids), .. window.Select(pair => pair.Second.Ids)];
        float[][] vectors = Runner.Infer(texts, (ids, mask) =>
            Runner.Model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Embeddings);
        return [.. window.Select((_, i) => content.Found.ScoreOf(vectors[i], vectors[window.Count + i]))];
    }
}

/// <summary>The two texts of a row.</summary>
internal readonly record struct SentencePair(TokenizedText First, TokenizedText Second)
{
    /// <summary>A function that reads the row a cursor stands on.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">The columns of the texts, then any others.</param>
    /// <param name="maxLength">The longest text in tokens.</param>
    /// <param name="options">The settings.</param>
    internal static Func<SentencePair> CreateReader(
        DataViewRow row, DataViewSchema.Column[] columns, int maxLength, PerceiverSentenceSimilarityOptions options)
    {
        var readFirst = ReaderOf(options.TextColumnName, columns[0]);
        var readSecond = ReaderOf(options.SecondTextColumnName, columns[1]);
        return () => new SentencePair(readFirst(), readSecond());

        Func<TokenizedText> ReaderOf(string name, DataViewSchema.Column column) =>
            new TextReader(name, null, maxLength, options.LongText, options.EmptyText).CreateReader(row, [column]);
    }
}

/// <summary>What fitting a sentence similarity finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Least">The likeness that a cosine of 0 stands for.</param>
/// <param name="Greatest">The likeness that a cosine of 1 stands for.</param>
internal sealed record SentenceSimilarityFound(int MaxLength, float Least, float Greatest) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireLength(MaxLength, config);
        if (!float.IsFinite(Least) || !float.IsFinite(Greatest) || Least >= Greatest)
            throw new FormatException($"Least is {Least} and Greatest is {Greatest}; the first must be below the second.");
    }

    /// <summary>The likeness of two vectors of length one.</summary>
    internal float ScoreOf(float[] first, float[] second)
    {
        double cosine = 0;
        for (int i = 0; i < first.Length; i++)
            cosine += (double)first[i] * second[i];
        return (float)(Least + ((double)Greatest - Least) * cosine);
    }
}
