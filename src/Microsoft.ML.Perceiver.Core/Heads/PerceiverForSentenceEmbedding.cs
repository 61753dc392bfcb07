using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A vector of length one for a text, so that texts of like meaning have a large cosine: the mean of the latents, or what one trainable
/// query finds in them (<see cref="PerceiverConfig.SentencePooling"/>), a linear projection to
/// <see cref="PerceiverConfig.EmbeddingSize"/> numbers, and their scaling to length one. The reference has no such class; the keys of
/// preprocessor, latents and encoder are those of <see cref="PerceiverForMaskedLM"/>, so that its checkpoints load.
/// </summary>
public sealed class PerceiverForSentenceEmbedding : PerceiverPreTrainedModel
{
    // Below it a vector has no direction: it is divided by the root of this instead of by its length, and has no gradient through it.
    private const double SmallestSquare = 1e-24;

    [ComponentName(Name = "perceiver")] private readonly PerceiverModel _perceiver;
    [ComponentName(Name = "projection")] private readonly PerceiverLinear _projection;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; its embedding size is the width of the output.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForSentenceEmbedding(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForSentenceEmbedding))
    {
        EmbeddingSize = config.EmbeddingSize ?? config.LatentChannels;
        var decoder = config.SentencePooling == PerceiverConfig.QueryPooling ? CreateDecoder(config) : null;
        _perceiver = new PerceiverModel(config, decoder, new PerceiverTextPreprocessor(config), initialize: false);
        _projection = new PerceiverLinear(config.LatentChannels, EmbeddingSize, ParameterRole.Output);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its text preprocessor, and the decoder of the query where there is one.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>Numbers of a text's vector.</summary>
    public int EmbeddingSize { get; }

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> wrote.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForSentenceEmbedding FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => new PerceiverForSentenceEmbedding(c, initialize: false)).Model;

    /// <summary>Computes the vectors of texts.</summary>
    /// <param name="inputIds">Token ids, int64 [batch, tokens].</param>
    /// <param name="attentionMask">1 to read a token and 0 to ignore it, [batch, tokens]; null reads all.</param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <returns>The vectors, float32 [batch, embedding size] in any precision of the model, and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverSentenceEmbeddingOutput forward(
        Tensor inputIds,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null)
    {
        using var scope = NewDisposeScope();
        var output = _perceiver.forward(inputIds, attentionMask, headMask, outputAttentions, outputHiddenStates);
        var result = new PerceiverSentenceEmbeddingOutput
        {
            Embeddings = ToLengthOne(Project(Pool(output))),
            HiddenStates = output.HiddenStates,
            Attentions = output.Attentions,
            CrossAttentions = output.CrossAttentions,
        };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>What the vectors of texts are projected from, [batch, d_latents].</summary>
    internal Tensor Pool(Tensor inputIds, Tensor? attentionMask) =>
        Pool(_perceiver.forward(inputIds, attentionMask, null, outputAttentions: false, outputHiddenStates: false));

    /// <summary>The vectors before they are scaled, float32 [batch, embedding size].</summary>
    /// <param name="pooled">[batch, d_latents].</param>
    internal Tensor Project(Tensor pooled) => _projection.forward(pooled).to(ScalarType.Float32);

    /// <summary>Vectors scaled to length one; one of zeros stays one.</summary>
    /// <param name="vectors">[..., channels].</param>
    internal static Tensor ToLengthOne(Tensor vectors) =>
        vectors / vectors.Squared().sum(-1, keepdim: true).clamp_min(Scalars.Kept(SmallestSquare)).sqrt();

    /// <inheritdoc/>
    internal override void ToOnnx(OnnxExport export)
    {
        var builder = export.NewGraph();
        var encoded = _perceiver.EncodeToOnnx(builder);
        var pooled = _perceiver.Decoder is { } decoder
            ? builder.Squeeze(decoder.ToOnnx(builder, decoder.QueryToOnnx(builder, encoded.Preprocessed), encoded.Latents), 1)
            : builder.Mean(encoded.Latents, 1, keep: false);
        var vector = _projection.ToOnnx(builder, pooled);
        var square = builder.SumOf(builder.Multiply(vector, vector), -1, keep: true);
        var length = builder.SquareRoot(builder.Larger(square, builder.Scalar(SmallestSquare)));
        builder.Output("sentence_embedding", builder.Divide(vector, length));
    }

    private protected override ModelInputs DefaultInputs => ModelInputs.Text(Config);

    private static Tensor Pool(PerceiverModelOutput output) => output.Logits?.squeeze(1) ?? output.LastHiddenState.mean([1]);

    // As that of the classification heads, without the map to labels.
    private static PerceiverBasicDecoder CreateDecoder(PerceiverConfig config) => new(config, new PerceiverBasicDecoderOptions
    {
        NumChannels = config.LatentChannels,
        PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(config.LatentChannels, 1),
        UseQueryResidual = true,
        FinalProject = false,
    });
}
