using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Multi-head attention without its output map: the latents attend to themselves, or to the inputs where
/// <see cref="AttentionShape.IsCrossAttention"/> (reference class <c>PerceiverSelfAttention</c>).
/// </summary>
internal sealed class PerceiverSelfAttention : nn.Module
{
    [ComponentName(Name = "layernorm1")] private readonly PerceiverLayerNorm _queryNorm;
    [ComponentName(Name = "layernorm2")] private readonly PerceiverLayerNorm? _inputNorm;
    [ComponentName(Name = "query")] private readonly PerceiverLinear _query;
    [ComponentName(Name = "key")] private readonly PerceiverLinear _key;
    [ComponentName(Name = "value")] private readonly PerceiverLinear _value;
    private readonly int _heads;
    private readonly double _dropout;
    private PreparedMap? _joint;   // queries, keys and values of a self-attention

    internal PerceiverSelfAttention(AttentionShape shape, double dropout) : base(nameof(PerceiverSelfAttention))
    {
        _heads = shape.Heads;
        _dropout = dropout;
        _queryNorm = new PerceiverLayerNorm(shape.QueryChannels);
        _inputNorm = shape.IsCrossAttention ? new PerceiverLayerNorm(shape.InputChannels) : null;
        _query = new PerceiverLinear(shape.QueryChannels, shape.QueryKeyChannels);
        _key = new PerceiverLinear(shape.InputChannels, shape.QueryKeyChannels);
        _value = new PerceiverLinear(shape.InputChannels, shape.ValueChannels);
        RegisterComponents();
    }

    internal PerceiverLayerNorm QueryNorm => _queryNorm;

    internal PerceiverLinear Query => _query;

    /// <summary>Keys and values of a cross-attention, [inputs, channels] each.</summary>
    /// <param name="inputs">[inputs, input channels].</param>
    internal (Tensor Keys, Tensor Values) KeysAndValues(Tensor inputs)
    {
        var source = _inputNorm!.forward(inputs);
        return (_key.forward(source), _value.forward(source));
    }

    /// <summary>What the scores are made of, [batch or 1, heads, queries or inputs, channels per head] each.</summary>
    /// <param name="hidden">[batch or 1, queries, query channels].</param>
    /// <param name="inputs">[batch, inputs, input channels]; null for self-attention.</param>
    internal (Tensor Query, Tensor Key) QueriesAndKeys(Tensor hidden, Tensor? inputs)
    {
        var (query, key, _) = Maps(hidden, inputs, wantValues: false);
        return (SplitHeads(query), SplitHeads(key));
    }

    /// <summary>The keys and values of a cross-attention to pixels with positions; null for one head, which maps its sum instead.</summary>
    internal FoldedKeys? Fold(PixelGrid grid) => _heads == 1 ? null : new FoldedKeys(_inputNorm!, _key, _value, grid);

    /// <summary>Attends to inputs whose keys and values are known, [batch, inputs, channels] each.</summary>
    /// <param name="hidden">[batch or 1, queries, query channels].</param>
    /// <param name="keys">[batch, inputs, channels].</param>
    /// <param name="values">[batch, inputs, channels].</param>
    internal Tensor AttendTo(Tensor hidden, Tensor keys, Tensor values)
    {
        var query = _query.forward(_queryNorm.forward(hidden));
        var (context, _) = AttentionKernel.Attend(
            SplitHeads(query), SplitHeads(keys), SplitHeads(values), bias: null, headMask: null, dropout: 0, wantProbabilities: false);
        return context.transpose(1, 2).flatten(2);
    }

    /// <summary>Attends; shapes as in <see cref="AttentionKernel.Attend"/>, with the heads joined in the result.</summary>
    /// <param name="hidden">[batch or 1, queries, query channels].</param>
    /// <param name="inputs">[batch, inputs, input channels], ignored by self-attention.</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    /// <param name="headMask">Multiplies the probabilities; null for none.</param>
    /// <param name="wantProbabilities">Whether to return the probabilities.</param>
    internal (Tensor Context, Tensor? Probabilities) forward(
        Tensor hidden, Tensor? inputs, Tensor? bias, Tensor? headMask, bool wantProbabilities)
    {
        var (query, key, mapped) = Maps(hidden, inputs);
        var value = mapped!;
        if (IsInt8 && headMask is null && !wantProbabilities && Narrows(hidden, key))
            (query, key, value, bias) = (Narrowed(query), Narrowed(key), Narrowed(value), NarrowedBias(bias));
        var (context, probabilities) = AttentionKernel.Attend(
            SplitHeads(query), SplitHeads(key), SplitHeads(value), bias, headMask, training ? _dropout : 0, wantProbabilities);
        return (context.transpose(1, 2).flatten(2), probabilities);
    }

    /// <summary>As <see cref="forward(Tensor, Tensor?, Tensor?, Tensor?, bool)"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue hidden, OnnxValue? inputs, OnnxValue? bias)
    {
        var normed = _queryNorm.ToOnnx(builder, hidden);
        var source = _inputNorm is null ? normed : _inputNorm.ToOnnx(builder, inputs!);
        var query = _query.ToOnnx(builder, normed, mayRound: true);
        var key = _key.ToOnnx(builder, source, mayRound: true);
        return builder.Attention(query, key, _value.ToOnnx(builder, source, mayRound: true), _heads, bias);
    }

    /// <summary>Attends with one head and maps the result, with the products in another order; without gradients.</summary>
    /// <param name="hidden">[batch or 1, queries, query channels].</param>
    /// <param name="inputs">[batch, inputs, input channels].</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    /// <param name="order">Which order.</param>
    /// <param name="output">The map of the result.</param>
    internal Tensor forward(Tensor hidden, Tensor inputs, Tensor? bias, SingleHeadOrder order, PerceiverLinear output)
    {
        var normed = _queryNorm.forward(hidden);
        if (order == SingleHeadOrder.Inputs)
        {
            var context = SingleHeadAttention.OverInputs(_query.forward(normed), _inputNorm!.forward(inputs), _key, _value, bias);
            return output.forward(context);
        }

        var (keys, values) = KeysAndValues(inputs);
        return SingleHeadAttention.OverQueries(normed, keys, values, _query, output, bias);
    }

    /// <summary>Computes by prepared weights from now on, except in training.</summary>
    internal void Prepare(IWeightPreparation preparation)
    {
        UseOwnWeights();
        if (_inputNorm is null)
        {
            _joint = preparation.Prepare(_query.Numbers, _key.Numbers, _value.Numbers);
            return;
        }

        foreach (var map in new[] { _query, _key, _value })
            map.Prepare(preparation);
    }

    /// <summary>Whether predictions are computed by prepared weights.</summary>
    internal bool IsPrepared => _joint is not null || (_query.IsPrepared && _key.IsPrepared && _value.IsPrepared);

    /// <summary>Computes by the weights themselves again.</summary>
    internal void UseOwnWeights()
    {
        _joint?.Dispose();
        _joint = null;
        foreach (var map in new[] { _query, _key, _value })
            map.UseOwnWeights();
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        // Weights that are rearranged would not follow the training.
        if (on && _joint is PackedMap)
            UseOwnWeights();
        base.train(on);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _joint?.Dispose();
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (_joint is PackedMap packed && packed.IsOutdatedBy(dtype, device))
            UseOwnWeights();
        base._toEpilog(dtype, device, non_blocking);
    }

    private bool IsInt8 => !training && (_joint is Int8Map || _query.IsInt8);

    // Queries, keys and values of 8-bit integers are no more exact than bfloat16, whose products take half of float32's time where the
    // processor has them.
    private bool Narrows(Tensor hidden, Tensor key) =>
        AttentionForms.NarrowsInt8(ProcessorFeatures.Units, _heads * hidden.shape[1] * key.shape[1]);

    private static Tensor Narrowed(Tensor x) => x.to(ScalarType.BFloat16);

    // Float32's lowest number would become minus infinity, and a row without any key not a number.
    private static Tensor? NarrowedBias(Tensor? bias) =>
        bias is null ? null : Narrowed(bias.clamp_min(Scalars.Kept(finfo(ScalarType.BFloat16).min)));

    private (Tensor Query, Tensor Key, Tensor? Value) Maps(Tensor hidden, Tensor? inputs, bool wantValues = true)
    {
        var normed = _queryNorm.forward(hidden);
        if (_joint is { IsUsable: true } && !training)
        {
            var parts = _joint.Apply(normed).split([.. _joint.Outputs], -1);
            return (parts[0], parts[1], parts[2]);
        }

        var source = _inputNorm is null ? normed : _inputNorm.forward(inputs!);
        return (_query.forward(normed), _key.forward(source), wantValues ? _value.forward(source) : null);
    }

    private Tensor SplitHeads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, -1).transpose(1, 2);
}
