using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What the objectives of pairs of texts share: the vectors of both texts of some pairs.</summary>
public abstract class PerceiverSentencePairObjective : PerceiverObjective<PerceiverSentencePair>
{
    private readonly PerceiverForSentenceEmbedding _model;
    private readonly double _tokenDropout;

    private protected PerceiverSentencePairObjective(
        PerceiverForSentenceEmbedding model,
        PerceiverRows<PerceiverSentencePair> training,
        PerceiverRows<PerceiverSentencePair> validation,
        PerceiverTrainingOptions options)
        : base(model, training, validation, NotNull(options).BatchSize)
    {
        options.RefuseUnused("pairs of texts", nameof(options.TokenDropout));
        _model = model;
        _tokenDropout = options.TokenDropout;
    }

    /// <summary>Training pairs with bytes dropped at random.</summary>
    private protected PerceiverSentencePair[] Vary(IReadOnlyList<int> rows, PerceiverRandom random) => [.. rows.Select(r =>
    {
        var pair = Training.Read(r, random);
        return pair with
        {
            First = ByteMasking.Drop(pair.First, _tokenDropout, random),
            Second = ByteMasking.Drop(pair.Second, _tokenDropout, random),
        };
    })];

    /// <summary>The vectors of length one of the first texts and of the second, each float32 [pairs, embedding size].</summary>
    private protected (Tensor First, Tensor Second) Vectors(PerceiverSentencePair[] pairs)
    {
        var (ids, mask) = TokenBatch.ToTensors([.. pairs.Select(p => p.First), .. pairs.Select(p => p.Second)], _model.Device);
        var vectors = _model.forward(ids, mask, outputAttentions: false, outputHiddenStates: false).Embeddings;
        return (vectors[..pairs.Length], vectors[pairs.Length..]);
    }
}
