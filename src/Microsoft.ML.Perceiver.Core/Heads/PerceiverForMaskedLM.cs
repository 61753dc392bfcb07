using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Masked language model over bytes (reference class <c>PerceiverForMaskedLM</c>; section 4.1 of the Perceiver IO paper).
/// </summary>
public sealed class PerceiverForMaskedLM : PerceiverPreTrainedModel
{
    /// <summary>A label that no loss is computed for.</summary>
    public const long IgnoredLabel = -100;

    [ComponentName(Name = "perceiver")] private readonly PerceiverModel _perceiver;
    [ComponentName(Name = "embedding_decoder")] private readonly PerceiverEmbeddingDecoder _embeddingDecoder;
    private readonly TextDecoding _decoding;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForMaskedLM(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForMaskedLM))
    {
        _decoding = TextDecoding.Create(config);
        _perceiver = _decoding.Model;
        _embeddingDecoder = new PerceiverEmbeddingDecoder(config);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its text preprocessor and decoder.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>Loads a folder that <see cref="PerceiverPreTrainedModel.SavePretrained"/> or Hugging Face wrote.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The model with the weights of the folder, on the CPU and in evaluation mode.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or the weights are another model's.</exception>
    public static PerceiverForMaskedLM FromPretrained(string directory) =>
        PerceiverCheckpoint.FromDirectory(directory).Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;

    /// <summary>Scores every token at every position.</summary>
    /// <param name="inputIds">Token ids, int64 [batch, tokens].</param>
    /// <param name="attentionMask">1 to read a token and 0 to ignore it, [batch, tokens]; null reads all.</param>
    /// <param name="headMask">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputAttentions">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="outputHiddenStates">As in <see cref="PerceiverModel.forward"/>.</param>
    /// <param name="labels">
    /// The true tokens, int64 [batch, max_position_embeddings], <see cref="IgnoredLabel"/> for positions without a loss.
    /// </param>
    /// <returns>The scores, [batch, positions, vocabulary], and what else was asked for.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverMaskedLMOutput forward(
        Tensor inputIds,
        Tensor? attentionMask = null,
        Tensor? headMask = null,
        bool? outputAttentions = null,
        bool? outputHiddenStates = null,
        Tensor? labels = null)
    {
        using var scope = NewDisposeScope();
        var output = _perceiver.forward(inputIds, attentionMask, headMask, outputAttentions, outputHiddenStates);
        var logits = _embeddingDecoder.forward(output.Logits!, _decoding.Preprocessor.TokenEmbeddings);
        var result = new PerceiverMaskedLMOutput
        {
            Loss = labels is null ? null : Loss(logits, labels),
            Logits = logits,
            HiddenStates = output.HiddenStates,
            Attentions = output.Attentions,
            CrossAttentions = output.CrossAttentions,
        };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>
    /// Scores every token at the given positions only: the same numbers as <see cref="forward"/> has there, without decoding the rest.
    /// </summary>
    /// <param name="inputIds">Token ids, int64 [batch, tokens].</param>
    /// <param name="positions">Positions, int64 [batch, points], each below max_position_embeddings.</param>
    /// <param name="attentionMask">1 to read a token and 0 to ignore it, [batch, tokens]; null reads all.</param>
    /// <returns>[batch, points, vocabulary].</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public Tensor LogitsAt(Tensor inputIds, Tensor positions, Tensor? attentionMask = null)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        TensorChecks.RequireIndices(positions, nameof(positions), inputIds.shape.AsSpan(0, 1), "points");
        using var scope = NewDisposeScope();
        var decoded = _decoding.Decode(_decoding.Decoder.QueryAt(positions), inputIds, attentionMask);
        return _embeddingDecoder.forward(decoded, _decoding.Preprocessor.TokenEmbeddings).MoveToOuterDisposeScope();
    }

    /// <summary>What the outputs at some positions look at, as those of masks.</summary>
    /// <param name="inputIds">Token ids, int64 [batch, tokens].</param>
    /// <param name="positions">Positions, int64 [batch, points], each below max_position_embeddings.</param>
    /// <param name="attentionMask">1 to read a token and 0 to ignore it, [batch, tokens]; null reads all.</param>
    /// <param name="kind">Which attentions count.</param>
    /// <returns>
    /// float32 [batch, points, tokens], as <see cref="PerceiverModel.AttentionMap"/> gives it; one row for
    /// <see cref="PerceiverAttentionKind.Encoder"/>.
    /// </returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is none of its values.</exception>
    public Tensor AttentionAt(
        Tensor inputIds,
        Tensor positions,
        Tensor? attentionMask = null,
        PerceiverAttentionKind kind = PerceiverAttentionKind.Rollout)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        TensorChecks.RequireIndices(positions, nameof(positions), inputIds.shape.AsSpan(0, 1), "points");
        return _perceiver.AttentionOf(inputIds, attentionMask, kind, _ => _decoding.Decoder.QueryAt(positions));
    }

    /// <inheritdoc/>
    internal override void ToOnnx(OnnxExport export)
    {
        var builder = export.NewGraph();
        var encoded = _perceiver.EncodeToOnnx(builder);
        var query = export.Form.AtPositions
            ? _decoding.Decoder.QueryAtToOnnx(builder, builder.Input("positions", OnnxElement.Int64, "batch", "points"))
            : _decoding.Decoder.QueryToOnnx(builder, encoded.Preprocessed);
        var decoded = _decoding.Decoder.ToOnnx(builder, query, encoded.Latents);
        builder.Output("logits", _embeddingDecoder.ToOnnx(builder, decoded, _decoding.Preprocessor.TokenEmbeddings));
        // Where they are made in the graph, a client needs them to know which positions are masked.
        if (export.Form.TextLength is not null)
            builder.Output("input_ids", encoded.Inputs.Value);
    }

    private protected override ModelInputs DefaultInputs => ModelInputs.Text(Config);

    private Tensor Loss(Tensor logits, Tensor labels)
    {
        if (labels.dtype is not (ScalarType.Int64 or ScalarType.Int32) || labels.NumberOfElements != logits.shape[0] * logits.shape[1])
        {
            throw new ArgumentException(
                $"The labels are {labels.dtype} [{string.Join(", ", labels.shape)}]; "
                + $"they need to be Int64 or Int32 [{logits.shape[0]}, {logits.shape[1]}], one for each position of the logits.",
                nameof(labels));
        }

        var targets = labels.reshape(-1).to(ScalarType.Int64);
        return nn.functional.cross_entropy(logits.view(-1, Config.VocabularySize), targets, ignore_index: IgnoredLabel);
    }
}
