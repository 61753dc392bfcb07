namespace Microsoft.ML.Perceiver;

/// <summary>A model that a generator computes with.</summary>
/// <param name="Transformer">The stage.</param>
/// <param name="Owned">What is disposed with the generator; null where the model is the program's.</param>
/// <param name="Context">The context that the model was loaded with.</param>
/// <param name="Id">The model's name.</param>
internal sealed record EmbeddingModel(
    PerceiverSentenceEmbeddingTransformer Transformer, IDisposable? Owned, MLContext Context, string Id);
