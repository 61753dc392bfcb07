using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Attention followed by a feed-forward layer with a residual (reference class <c>PerceiverLayer</c>).</summary>
internal sealed class PerceiverLayer : nn.Module
{
    [ComponentName(Name = "attention")] private readonly PerceiverAttention _attention;
    [ComponentName(Name = "layernorm")] private readonly PerceiverLayerNorm _norm;
    [ComponentName(Name = "mlp")] private readonly PerceiverMlp _mlp;

    internal PerceiverLayer(PerceiverConfig config, AttentionShape shape, int wideningFactor, bool queryResidual)
        : base(nameof(PerceiverLayer))
    {
        _attention = new PerceiverAttention(shape, config.AttentionDropout, queryResidual);
        _norm = new PerceiverLayerNorm(shape.QueryChannels);
        _mlp = new PerceiverMlp(config, shape.QueryChannels, wideningFactor);
        RegisterComponents();
    }

    internal PerceiverAttention Attention => _attention;

    internal PerceiverLayerNorm Norm => _norm;

    internal PerceiverMlp Mlp => _mlp;

    /// <summary>Whether it computes in float32 on the CPU.</summary>
    internal bool IsPlainFloat32 =>
        !_mlp.Widen.IsInt8 && parameters().All(p => p.dtype == ScalarType.Float32 && p.device_type == DeviceType.CPU);

    /// <summary>Computes by prepared weights from now on, except in training.</summary>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot compute with them here.</exception>
    internal void Prepare(IWeightPreparation preparation)
    {
        _attention.Inner.Prepare(preparation);
        foreach (var map in new[] { _attention.Output, _mlp.Widen, _mlp.Narrow })
            map.Prepare(preparation);
    }

    /// <summary>Whether predictions are computed by prepared weights alone.</summary>
    internal bool IsPrepared =>
        _attention.Inner.IsPrepared && _attention.Output.IsPrepared && _mlp.Widen.IsPrepared && _mlp.Narrow.IsPrepared;

    /// <summary>Computes by the weights themselves again.</summary>
    internal void UseOwnWeights()
    {
        _attention.Inner.UseOwnWeights();
        foreach (var map in new[] { _attention.Output, _mlp.Widen, _mlp.Narrow })
            map.UseOwnWeights();
    }

    /// <summary>
    /// Runs the layer. Its intermediate tensors are released here, so that a deep model needs the memory of one layer.
    /// </summary>
    /// <param name="hidden">[batch or 1, queries, channels]; not changed.</param>
    /// <param name="inputs">[batch, inputs, input channels] for cross-attention, else null.</param>
    /// <param name="bias">Added to the attention scores; null for none.</param>
    /// <param name="headMask">Multiplies the attention probabilities; null for none.</param>
    /// <param name="wantProbabilities">Whether to return the probabilities.</param>
    /// <returns>[batch, queries, channels], and the probabilities where wanted.</returns>
    internal (Tensor Output, Tensor? Probabilities) forward(
        Tensor hidden, Tensor? inputs = null, Tensor? bias = null, Tensor? headMask = null, bool wantProbabilities = false)
    {
        using var scope = NewDisposeScope();
        var (attended, probabilities) = Attend(hidden, inputs, bias, headMask, wantProbabilities);
        var output = _mlp.forward(_norm.forward(attended), attended);
        probabilities?.MoveToOuterDisposeScope();
        return (output.MoveToOuterDisposeScope(), probabilities);
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue hidden, OnnxValue? inputs = null, OnnxValue? bias = null)
    {
        var attended = _attention.ToOnnx(builder, hidden, inputs, bias);
        return _mlp.ToOnnx(builder, _norm.ToOnnx(builder, attended), attended);
    }

    /// <summary>Attends to inputs whose keys and values are known, without gradients.</summary>
    /// <param name="hidden">[batch or 1, queries, channels].</param>
    /// <param name="keys">[batch, inputs, channels].</param>
    /// <param name="values">[batch, inputs, channels].</param>
    internal Tensor AttendTo(Tensor hidden, Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.AttendTo(hidden, keys, values);
        return _mlp.forward(_norm.forward(attended), attended).MoveToOuterDisposeScope();
    }

    // Queries, keys and values are released before the feed-forward layer needs memory.
    private (Tensor Output, Tensor? Probabilities) Attend(
        Tensor hidden, Tensor? inputs, Tensor? bias, Tensor? headMask, bool wantProbabilities)
    {
        using var scope = NewDisposeScope();
        var (attended, probabilities) = _attention.forward(hidden, inputs, bias, headMask, wantProbabilities);
        probabilities?.MoveToOuterDisposeScope();
        return (attended.MoveToOuterDisposeScope(), probabilities);
    }
}
