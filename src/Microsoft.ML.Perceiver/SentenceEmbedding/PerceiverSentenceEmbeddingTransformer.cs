using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverSentenceEmbeddingTransformer), null, typeof(SignatureLoadModel),
    "Perceiver sentence embedding", PerceiverSentenceEmbeddingTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Turns texts into vectors of length one. See <see cref="PerceiverSentenceEmbeddingEstimator"/>.</summary>
public sealed class PerceiverSentenceEmbeddingTransformer : PerceiverTransformer<PerceiverForSentenceEmbedding>
{
    internal const string LoaderSignature = "PerceiverSentenceEmbed";

    internal static readonly StageFile<PerceiverSentenceEmbeddingOptions, TextFound, PerceiverForSentenceEmbedding> File =
        new("PCVRSEMB", LoaderSignature, (config, _) => new PerceiverForSentenceEmbedding(config, initialize: false));

    internal PerceiverSentenceEmbeddingTransformer(IHostEnvironment environment, SentenceEmbeddingContent content)
        : base(environment, content, new SentenceEmbeddingStage(content))
    {
        TextColumnName = content.Options.TextColumnName;
        OutputColumnName = content.Options.OutputColumnName;
        MaxLength = content.Found.MaxLength;
        EmbeddingSize = content.Model.EmbeddingSize;
    }

    /// <summary>The column with the text.</summary>
    public string TextColumnName { get; }

    /// <summary>The column that the vector is written to.</summary>
    public string OutputColumnName { get; }

    /// <summary>The longest text in tokens (bytes and special tokens).</summary>
    public int MaxLength { get; }

    /// <summary>Numbers of a vector.</summary>
    public int EmbeddingSize { get; }

    // Found by ML.NET when it loads a model.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        File.Read(env, ctx, content => new PerceiverSentenceEmbeddingTransformer(env, content));
}
