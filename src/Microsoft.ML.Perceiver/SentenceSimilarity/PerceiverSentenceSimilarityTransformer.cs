using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverSentenceSimilarityTransformer), null, typeof(SignatureLoadModel),
    "Perceiver sentence similarity", PerceiverSentenceSimilarityTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Says how alike two texts are. See <see cref="PerceiverSentenceSimilarityEstimator"/>.</summary>
public sealed class PerceiverSentenceSimilarityTransformer : PerceiverTransformer<PerceiverForSentenceEmbedding>
{
    internal const string LoaderSignature = "PerceiverSentenceSim";

    internal static readonly StageFile<PerceiverSentenceSimilarityOptions, SentenceSimilarityFound, PerceiverForSentenceEmbedding> File =
        new("PCVRSSIM", LoaderSignature, (config, _) => new PerceiverForSentenceEmbedding(config, initialize: false));

    internal PerceiverSentenceSimilarityTransformer(IHostEnvironment environment, SentenceSimilarityContent content)
        : base(environment, content, new SentenceSimilarityStage(content))
    {
    }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverSentenceSimilarityTransformer(env, content));
}
