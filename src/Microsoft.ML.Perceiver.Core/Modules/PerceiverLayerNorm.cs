using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Layer normalisation of the last axis with the reference's fixed epsilon of 1e-5; keys <c>weight</c> and <c>bias</c>.</summary>
internal sealed class PerceiverLayerNorm : PerceiverParameterModule
{
    private const double Epsilon = 1e-5;
    private readonly long[] _shape;

    internal PerceiverLayerNorm(long channels) : base(nameof(PerceiverLayerNorm))
    {
        _shape = [channels];
        Declare("weight", ParameterRole.Scale, channels);
        Declare("bias", ParameterRole.Bias, channels);
    }

    internal Tensor Weight => this[0];

    internal Tensor Bias => this[1];

    internal Tensor forward(Tensor x) => nn.functional.layer_norm(x, _shape, this[0], this[1], Epsilon);

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x) => builder.LayerNormalization(x, Weight, Bias, Epsilon);
}
