using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The map from the joined heads to the output's width (reference class <c>PerceiverSelfOutput</c>).</summary>
internal sealed class PerceiverSelfOutput : nn.Module
{
    [ComponentName(Name = "dense")] private readonly PerceiverLinear _dense;

    internal PerceiverSelfOutput(int inputs, int outputs) : base(nameof(PerceiverSelfOutput))
    {
        _dense = new PerceiverLinear(inputs, outputs);
        RegisterComponents();
    }

    internal PerceiverLinear Dense => _dense;

    internal Tensor forward(Tensor x) => _dense.forward(x);

    /// <summary>As <see cref="forward(Tensor)"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x) => _dense.ToOnnx(builder, x, mayRound: true);

    /// <summary>The map's result and a residual, broadcast to it.</summary>
    internal Tensor forward(Tensor x, Tensor residual) => _dense.Add(x, residual);
}
