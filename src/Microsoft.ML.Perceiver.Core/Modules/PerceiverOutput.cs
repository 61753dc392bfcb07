using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What every model returns beside its own results. The tensors belong to the caller: dispose the output, or use a dispose scope.
/// </summary>
public abstract class PerceiverOutput : IDisposable
{
    /// <summary>
    /// The latents before each self-attention layer and after each block, each [batch, latents, channels]: number of blocks times (layers
    /// of a block + 1) entries, the first being the state after the cross-attention. Null unless wanted.
    /// </summary>
    public IReadOnlyList<Tensor>? HiddenStates { get; init; }

    /// <summary>
    /// The self-attentions' probabilities, each [batch, heads, latents, latents], after the head mask. Null unless wanted.
    /// </summary>
    public IReadOnlyList<Tensor>? Attentions { get; init; }

    /// <summary>
    /// The cross-attentions' probabilities: the encoder's [batch, heads, latents, inputs], then the decoder's [batch, heads, queries,
    /// latents]. Null unless wanted.
    /// </summary>
    public IReadOnlyList<Tensor>? CrossAttentions { get; init; }

    /// <summary>Releases the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in DistinctTensors())
            tensor.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Every tensor of this output; one may come twice.</summary>
    private protected virtual IEnumerable<Tensor?> Tensors() =>
        (HiddenStates ?? []).Concat(Attentions ?? []).Concat(CrossAttentions ?? []);

    internal void MoveToOuterDisposeScope()
    {
        foreach (var tensor in DistinctTensors())
            tensor.MoveToOuterDisposeScope();
    }

    private HashSet<Tensor> DistinctTensors() => new(Tensors().Where(t => t is not null)!, ReferenceEqualityComparer.Instance);
}
