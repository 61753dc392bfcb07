using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What <see cref="PerceiverForQuestionAnswering"/> returns, by the names of the reference's <c>QuestionAnsweringModelOutput</c>.
/// </summary>
public sealed class PerceiverQuestionAnsweringOutput : PerceiverOutput
{
    /// <summary>The mean of the cross-entropies of first and last tokens, in nats; null without positions.</summary>
    public Tensor? Loss { get; init; }

    /// <summary>Scores, before softmax, of each token as the first one of the answer, [batch, tokens].</summary>
    public required Tensor StartLogits { get; init; }

    /// <summary>Scores, before softmax, of each token as the last one of the answer, [batch, tokens].</summary>
    public required Tensor EndLogits { get; init; }

    private protected override IEnumerable<Tensor?> Tensors() => base.Tensors().Append(Loss).Append(StartLogits).Append(EndLogits);
}
