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
        _activation = config.HiddenActivationFunction ?? Activations.Find(config.HiddenActivation);
        RegisterComponents();
    }

    internal PerceiverLinear Widen => _widen;

    internal PerceiverLinear Narrow => _narrow;

    internal Func<Tensor, Tensor> Activation => _activation;

    internal Tensor forward(Tensor x) => _narrow.forward(_activation(_widen.forward(x)));
}
