using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The feed-forward layer (reference class <c>PerceiverMLP</c>).</summary>
internal sealed class PerceiverMlp : nn.Module
{
    [ComponentName(Name = "dense1")] private readonly PerceiverLinear _widen;
    [ComponentName(Name = "dense2")] private readonly PerceiverLinear _narrow;
    private readonly Func<Tensor, Tensor> _activation;

    internal PerceiverMlp(PerceiverConfig config, int channels, int wideningFactor) : base(nameof(PerceiverMlp))
    {
        _widen = new PerceiverLinear(channels, (long)wideningFactor * channels);
        _narrow = new PerceiverLinear((long)wideningFactor * channels, channels);
        _activation = Activations.Find(config.HiddenActivation);
        RegisterComponents();
    }

    internal PerceiverLinear Widen => _widen;

    internal PerceiverLinear Narrow => _narrow;

    internal Func<Tensor, Tensor> Activation => _activation;

    /// <summary>Computes in 8-bit integers from now on, but for training.</summary>
    internal void UseInt8(Int8Weights weights)
    {
        _widen.UseInt8(weights);
        _narrow.UseInt8(weights);
    }

    /// <summary>Computes in floats again.</summary>
    internal void UseFloats()
    {
        _widen.UseFloats();
        _narrow.UseFloats();
    }

    internal Tensor forward(Tensor x) => _narrow.forward(_activation(_widen.forward(x)));
}
