using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Classification of every word of a text (parts of speech, named entities): a query for every byte, made of its position and its
/// embedding, whose outputs are averaged over each word. The reference has no such class; the keys of all parts but <c>classifier</c> are
/// those of <see cref="PerceiverForMaskedLM"/>, so that its checkpoints load.
/// </summary>
public sealed class PerceiverForTokenClassification : PerceiverPreTrainedModel
{
    [ComponentName(Name = "perceiver")] private readonly PerceiverModel _perceiver;
    [ComponentName(Name = "classifier")] private readonly PerceiverLinear _classifier;
    private readonly TextDecoding _decoding;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration; its labels give the width of the answers.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForTokenClassification(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForTokenClassification))
    {
        _decoding = TextDecoding.Create(config, useQueryResidual: true);
        _perceiver = _decoding.Model;
        _classifier = new PerceiverLinear(config.ModelChannels, config.NumLabels, ParameterRole.Output) { GivesLabels = true };
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its text preprocessor and decoder.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>Scores every label for every word.</summary>
    /// <param name="inputIds">Token ids, int64 [batch, tokens].</param>
    /// <param name="words">The word that each token is of, counted from 0, or -1 for none, int64 [batch, tokens].</param>
    /// <param name="attentionMask">1 to read a token and 0 to ignore it, [batch, tokens]; null reads all.</param>
    /// <param name="labels">
    /// The right labels, int64 [batch, words], <see cref="PerceiverForMaskedLM.IgnoredLabel"/> for words that do not count.
    /// </param>
    /// <returns>Logits [batch, words, labels], and the mean cross-entropy of the labels in nats.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverClassifierOutput forward(Tensor inputIds, Tensor words, Tensor? attentionMask = null, Tensor? labels = null)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        TensorChecks.RequireIndices(words, nameof(words), inputIds.shape);
        using var scope = NewDisposeScope();
        var logits = _classifier.forward(MeanByWord(_decoding.DecodeTokens(inputIds, attentionMask), words));
        var result = new PerceiverClassifierOutput { Logits = logits, Loss = labels is null ? null : Loss(logits, labels) };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>What the label of each word looks at, the mean of the word's bytes.</summary>
    /// <param name="inputIds">As in <see cref="forward"/>.</param>
    /// <param name="words">As in <see cref="forward"/>.</param>
    /// <param name="attentionMask">As in <see cref="forward"/>.</param>
    /// <param name="kind">Which attentions count.</param>
    /// <returns>
    /// float32 [batch, words, tokens], as <see cref="PerceiverModel.AttentionMap"/> gives it; zeros for words that a text does not have;
    /// one row for <see cref="PerceiverAttentionKind.Encoder"/>.
    /// </returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is none of its values.</exception>
    public Tensor AttentionMap(
        Tensor inputIds,
        Tensor words,
        Tensor? attentionMask = null,
        PerceiverAttentionKind kind = PerceiverAttentionKind.Rollout)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        TensorChecks.RequireIndices(words, nameof(words), inputIds.shape);
        return _perceiver.AttentionOf(
            inputIds, attentionMask, kind, embedded => _decoding.TokenQueries(embedded), bytes => MeanByWord(bytes, words));
    }

    /// <inheritdoc/>
    internal override void ToOnnx(OnnxExport export)
    {
        export.Labels = Config.LabelNames;
        var builder = export.NewGraph();
        var encoded = _perceiver.EncodeToOnnx(builder);
        var words = builder.Input("words", OnnxElement.Int64, encoded.Inputs.Value.Shape);
        var decoded = _decoding.DecodeTokensToOnnx(builder, encoded);
        builder.Output("logits", _classifier.ToOnnx(builder, MeanByWordToOnnx(builder, decoded, words)));
    }

    private protected override ModelInputs DefaultInputs => ModelInputs.Text(Config);

    private protected override PerceiverConfig SavedLabels(PerceiverConfig config) => config.WithLabels(config.LabelNames);

    private static Tensor MeanByWord(Tensor bytes, Tensor words)
    {
        long count = Math.Max(1, words.max().item<long>() + 1);
        var isOfWord = words.unsqueeze(1).eq(TensorNumbers.Indices(count, ScalarType.Int64, words.device).unsqueeze(-1)).to(bytes.dtype);
        return isOfWord.matmul(bytes) / isOfWord.sum(-1, keepdim: true).clamp_min(Scalars.Kept(1));
    }

    private static OnnxValue MeanByWordToOnnx(OnnxBuilder builder, OnnxValue bytes, OnnxValue words)
    {
        var most = builder.Plus(builder.Largest(words), builder.Integer(1));
        var count = builder.Named("words", builder.Unsqueeze(builder.Larger(most, builder.Integer(1)), 0));
        var numbers = builder.Unsqueeze(builder.Range(count), 1);
        var isOfWord = builder.Cast(builder.AreEqual(builder.Unsqueeze(words, 1), numbers), OnnxElement.Float);
        var lengths = builder.Larger(builder.SumOf(isOfWord, -1, keep: true), builder.Scalar(1));
        return builder.Divide(builder.MatMul(isOfWord, bytes), lengths);
    }

    private static Tensor Loss(Tensor logits, Tensor labels)
    {
        TensorChecks.RequireIndices(labels, nameof(labels), logits.shape.AsSpan(0, 2));
        return ClassificationLoss.Compute(logits.flatten(0, 1), labels.flatten(), PerceiverProblemType.SingleLabel);
    }
}
