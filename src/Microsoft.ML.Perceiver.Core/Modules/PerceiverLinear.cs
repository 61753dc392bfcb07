using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>An affine map of the last axis; keys <c>weight</c> and <c>bias</c>.</summary>
internal sealed class PerceiverLinear : ParameterModule
{
    internal PerceiverLinear(long inputs, long outputs) : base(nameof(PerceiverLinear))
    {
        Declare("weight", ParameterRole.Weight, outputs, inputs);
        Declare("bias", ParameterRole.Bias, outputs);
    }

    internal Tensor Weight => this[0];

    internal Tensor Bias => this[1];

    internal Tensor forward(Tensor x) => nn.functional.linear(x, this[0], this[1]);
}
