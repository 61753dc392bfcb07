using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Extractive question answering: which bytes of a context answer a question. A query for every byte, made of its position and its
/// embedding, gets two scores, as first and as last byte of the answer. The reference has no such class for the Perceiver; outputs and
/// loss are those of its other models (<c>QuestionAnsweringModelOutput</c>), and the keys of all parts but <c>qa_outputs</c> those of
/// <see cref="PerceiverForMaskedLM"/>, so that its checkpoints load.
/// </summary>
public sealed class PerceiverForQuestionAnswering : PerceiverPreTrainedModel
{
    [ComponentName(Name = "perceiver")] private readonly PerceiverModel _perceiver;
    [ComponentName(Name = "qa_outputs")] private readonly PerceiverLinear _outputs;
    private readonly TextDecoding _decoding;

    /// <summary>Makes the model.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="initialize">Whether to draw random weights; false leaves them on the meta device for a checkpoint to fill.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public PerceiverForQuestionAnswering(PerceiverConfig config, bool initialize = true, long seed = 0)
        : base(config, nameof(PerceiverForQuestionAnswering))
    {
        _decoding = TextDecoding.Create(config, useQueryResidual: true);
        _perceiver = _decoding.Model;
        _outputs = new PerceiverLinear(config.ModelChannels, 2, ParameterRole.Output);
        FinishConstruction(initialize, seed);
    }

    /// <summary>The encoder with its text preprocessor and decoder.</summary>
    public PerceiverModel Perceiver => _perceiver;

    /// <summary>Scores every token as first and as last one of the answer.</summary>
    /// <param name="inputIds">
    /// Token ids, int64 [batch, tokens]: <c>[CLS]</c>, the question, <c>[SEP]</c>, the context, <c>[SEP]</c>.
    /// </param>
    /// <param name="attentionMask">1 to read a token and 0 to ignore it, [batch, tokens]; null reads all.</param>
    /// <param name="startPositions">
    /// The first token of the answer, int64 [batch]; 0, which is <c>[CLS]</c>, where the context does not have it.
    /// </param>
    /// <param name="endPositions">The last token of the answer, int64 [batch]; given together with the first ones.</param>
    /// <returns>Scores [batch, tokens] and, with positions, the loss.</returns>
    /// <exception cref="ArgumentException">A tensor has the wrong shape or type; the message says which.</exception>
    public PerceiverQuestionAnsweringOutput forward(
        Tensor inputIds, Tensor? attentionMask = null, Tensor? startPositions = null, Tensor? endPositions = null)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        if (startPositions is null != endPositions is null)
            throw new ArgumentException("Positions of first and last tokens are given together, or neither of them.", nameof(endPositions));
        using var scope = NewDisposeScope();
        var logits = _outputs.forward(_decoding.DecodeTokens(inputIds, attentionMask));
        var (start, end) = (logits.select(-1, 0), logits.select(-1, 1));
        var result = new PerceiverQuestionAnsweringOutput
        {
            StartLogits = start,
            EndLogits = end,
            Loss = startPositions is null
                ? null
                : Loss(Read(start, attentionMask), startPositions, Read(end, attentionMask), endPositions!),
        };
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>What the scores of some tokens look at, as those of an answer's first and last token.</summary>
    /// <param name="inputIds">As in <see cref="forward"/>.</param>
    /// <param name="positions">The tokens, int64 [batch, points].</param>
    /// <param name="attentionMask">As in <see cref="forward"/>.</param>
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
        return _decoding.AttentionOfTokens(inputIds, positions, attentionMask, kind);
    }

    /// <summary>The mean of two cross-entropies in nats.</summary>
    /// <param name="start">Scores of first tokens, [batch, tokens].</param>
    /// <param name="startPositions">The right ones, int64 [batch].</param>
    /// <param name="end">Scores of last tokens, [batch, tokens].</param>
    /// <param name="endPositions">The right ones, int64 [batch].</param>
    internal static Tensor Loss(Tensor start, Tensor startPositions, Tensor end, Tensor endPositions)
    {
        TensorChecks.RequireIndices(startPositions, nameof(startPositions), start.shape.AsSpan(0, 1));
        TensorChecks.RequireIndices(endPositions, nameof(endPositions), end.shape.AsSpan(0, 1));
        return nn.functional.cross_entropy(start, startPositions).Plus(nn.functional.cross_entropy(end, endPositions)).Over(2);
    }

    /// <inheritdoc/>
    internal override void ToOnnx(OnnxExport export)
    {
        var builder = export.NewGraph();
        var encoded = _perceiver.EncodeToOnnx(builder);
        var logits = _outputs.ToOnnx(builder, _decoding.DecodeTokensToOnnx(builder, encoded));
        builder.Output("start_logits", builder.Squeeze(builder.Narrow(logits, 2, 0, 1), 2));
        builder.Output("end_logits", builder.Squeeze(builder.Narrow(logits, 2, 1, 1), 2));
    }

    private protected override ModelInputs DefaultInputs => ModelInputs.Text(Config);

    // Padding is no candidate for the answer.
    private static Tensor Read(Tensor logits, Tensor? attentionMask) =>
        attentionMask is null ? logits : logits.masked_fill(attentionMask.eq(Scalars.Kept(0)), Scalars.Kept(finfo(logits.dtype).min));
}
