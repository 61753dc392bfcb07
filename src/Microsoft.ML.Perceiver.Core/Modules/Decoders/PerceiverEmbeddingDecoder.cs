using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Hidden states to token scores through the input embeddings, transposed, plus a bias (reference class <c>PerceiverEmbeddingDecoder</c>,
/// key <c>bias</c>).
/// </summary>
public sealed class PerceiverEmbeddingDecoder : PerceiverParameterModule
{
    internal PerceiverEmbeddingDecoder(PerceiverConfig config) : base(nameof(PerceiverEmbeddingDecoder)) =>
        Declare("bias", ParameterRole.Bias, config.VocabularySize);

    /// <summary>Scores tokens.</summary>
    /// <param name="hidden">[batch, positions, channels].</param>
    /// <param name="embeddings">[vocabulary, channels].</param>
    /// <returns>[batch, positions, vocabulary].</returns>
    internal Tensor forward(Tensor hidden, Tensor embeddings) => PerceiverLinear.Affine(hidden, embeddings, this[0]);

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue hidden, Tensor embeddings) =>
        builder.Linear(hidden, embeddings, this[0], mayRound: false);
}
