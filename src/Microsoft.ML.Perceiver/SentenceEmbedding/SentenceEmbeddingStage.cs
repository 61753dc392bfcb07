global using SentenceEmbeddingContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverSentenceEmbeddingOptions,
    Microsoft.ML.Perceiver.TextFound,
    Microsoft.ML.Perceiver.PerceiverForSentenceEmbedding>;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts to vectors of length one.</summary>
internal sealed class SentenceEmbeddingStage(SentenceEmbeddingContent content)
    : TextStage<PerceiverForSentenceEmbedding, float[]>(content.Model, content.Options, content.Found.MaxLength)
{
    public override IReadOnlyList<OutputColumn<float[]>> Outputs { get; } = OutputsOf(content.Options, content.Model.EmbeddingSize);

    /// <summary>The column that is written.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="size">Numbers of a vector.</param>
    internal static IReadOnlyList<OutputColumn<float[]>> OutputsOf(PerceiverSentenceEmbeddingOptions options, int size) =>
        [OutputColumn<float[]>.Vector(options.OutputColumnName, NumberDataViewType.Single, values => values, size)];

    protected override float[][] ScoreTexts(IReadOnlyList<int[]> window) => Runner.Infer(window, (ids, mask) =>
        Runner.Model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Embeddings);
}
