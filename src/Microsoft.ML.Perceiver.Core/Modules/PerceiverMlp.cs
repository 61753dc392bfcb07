using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The feed-forward layer (reference class <c>PerceiverMLP</c>).</summary>
internal sealed class PerceiverMlp : nn.Module
{
    [ComponentName(Name = "dense1")] private readonly PerceiverLinear _widen;
    [ComponentName(Name = "dense2")] private readonly PerceiverLinear _narrow;
    private readonly PerceiverConfig _config;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly bool _isGelu;

    internal PerceiverMlp(PerceiverConfig config, int channels, int wideningFactor) : base(nameof(PerceiverMlp))
    {
        _config = config;
        _widen = new PerceiverLinear(channels, (long)wideningFactor * channels);
        _narrow = new PerceiverLinear((long)wideningFactor * channels, channels);
        _activation = config.HiddenActivationFunction ?? Activations.Find(config.HiddenActivation);
        _isGelu = config.HiddenActivationFunction is null && Activations.IsGelu(config.HiddenActivation);
        RegisterComponents();
    }

    internal PerceiverLinear Widen => _widen;

    internal PerceiverLinear Narrow => _narrow;

    internal Func<Tensor, Tensor> Activation => _activation;

    /// <summary>The layer with its residual.</summary>
    /// <param name="x">[..., channels], normalised.</param>
    /// <param name="residual">Added to the result, [..., channels].</param>
    internal Tensor forward(Tensor x, Tensor residual)
    {
        var wide = _isGelu ? _widen.Gelu(x) : _activation(_widen.forward(x));
        return _narrow.Add(wide, residual);
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x, OnnxValue residual)
    {
        var wide = ActivationNodes.Apply(builder, _config, _widen.ToOnnx(builder, x, mayRound: true));
        return builder.Plus(_narrow.ToOnnx(builder, wide, mayRound: true), residual);
    }
}
