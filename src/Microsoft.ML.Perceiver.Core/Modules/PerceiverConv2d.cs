using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A convolution over height and width; keys <c>weight</c> and, where it has one, <c>bias</c>.</summary>
internal sealed class PerceiverConv2d : PerceiverParameterModule
{
    private readonly long[] _stride, _padding;
    private readonly bool _bias;

    internal PerceiverConv2d(long inputs, long outputs, long kernel, long stride, long padding = 0, bool bias = true)
        : base(nameof(PerceiverConv2d))
    {
        _stride = [stride, stride];
        _padding = [padding, padding];
        _bias = bias;
        Declare("weight", ParameterRole.Hidden, outputs, inputs, kernel, kernel);
        if (bias)
            Declare("bias", ParameterRole.Bias, outputs);
    }

    /// <param name="x">[batch, input channels, height, width].</param>
    internal Tensor forward(Tensor x)
    {
        var bias = _bias ? this[1] : null;
        return WideProducts.AppliesTo(x)
            ? WideProducts.Convolution(x, this[0], bias, _stride, _padding)
            : nn.functional.conv2d(x, this[0], bias, _stride, _padding);
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x) =>
        builder.Conv(x, this[0], _bias ? this[1] : null, _stride[0], _padding[0]);
}
