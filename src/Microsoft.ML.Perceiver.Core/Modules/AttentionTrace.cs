using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Follows the attentions of one forward pass, whose results stay what they are without it. It computes from queries and keys what each
/// layer attends to, and keeps one matrix of latents however many layers there are.
/// </summary>
/// <param name="kind">Which attentions are followed.</param>
internal sealed class AttentionTrace(PerceiverAttentionKind kind) : IDisposable
{
    private PerceiverSelfAttention? _cross;
    private Tensor? _latents, _inputs, _bias, _mixed, _weights;

    /// <summary>What was found at the end, float32 [batch, queries, inputs]; it goes with the trace.</summary>
    internal Tensor Weights => _weights ?? throw new InvalidOperationException("The forward pass was not followed to its end.");

    // The output's queries and the self-attention layers do not count.
    private bool IsOfEncoder => kind == PerceiverAttentionKind.Encoder;

    /// <summary>Follows the encoder's cross-attention.</summary>
    /// <param name="cross">The attention.</param>
    /// <param name="latents">[1 or batch, latents, channels].</param>
    /// <param name="inputs">[batch, inputs, channels].</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    internal void Enter(PerceiverSelfAttention cross, Tensor latents, Tensor inputs, Tensor? bias)
    {
        _cross = cross;
        (_latents, _inputs, _bias) = (Kept(latents.alias()), Kept(inputs.alias()), bias is null ? null : Kept(bias.alias()));
    }

    /// <summary>Follows a self-attention layer.</summary>
    /// <param name="layer">The attention.</param>
    /// <param name="hidden">The latents before it, [batch, latents, channels].</param>
    internal void Pass(PerceiverSelfAttention layer, Tensor hidden)
    {
        if (kind != PerceiverAttentionKind.Rollout)
            return;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (query, key) = layer.QueriesAndKeys(hidden, inputs: null);
        var step = PerceiverAttentionMap.WithResidual(AttentionWeights.MeanOverHeads(query, key, bias: null));
        var mixed = Kept(_mixed is null ? step : matmul(step, _mixed));
        _mixed?.Dispose();
        _mixed = mixed;
    }

    /// <summary>Follows the output's queries, and computes the weights.</summary>
    /// <param name="latents">The encoder's last hidden state, [batch, latents, channels].</param>
    /// <param name="ofQueries">
    /// How much each query, or each output that is made of some, attends to each latent, float32 [batch, queries, latents]; null, or a
    /// result that is null, is the same weight for each latent. It is not called where the queries do not count.
    /// </param>
    internal void Complete(Tensor latents, Func<Tensor?>? ofQueries = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var rows = (IsOfEncoder ? null : ofQueries?.Invoke()) ?? Uniform(latents);
        if (_mixed is not null)
            rows = matmul(rows, _mixed);
        var (query, key) = _cross!.QueriesAndKeys(_latents!, _inputs);
        _weights = Kept(AttentionWeights.Sum(rows, query, key, _bias));
    }

    /// <summary>The same weight for each latent, float32 [batch, 1, latents].</summary>
    /// <param name="latents">[batch, latents, channels].</param>
    internal static Tensor Uniform(Tensor latents) =>
        full([latents.shape[0], 1, latents.shape[1]], Scalars.Kept(1f / latents.shape[1]), ScalarType.Float32, latents.device);

    public void Dispose()
    {
        foreach (var tensor in new[] { _latents, _inputs, _bias, _mixed, _weights })
            tensor?.Dispose();
    }

    // Longer than the scopes of the forward pass.
    private static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();
}
