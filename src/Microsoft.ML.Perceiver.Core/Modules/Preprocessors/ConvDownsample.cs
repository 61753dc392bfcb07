using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reduces an image to a quarter of its height and width: a 7 x 7 convolution of stride 2, batch normalisation, ReLU and a 3 x 3 maximum of
/// stride 2 (reference class <c>Conv2DDownsample</c>, keys <c>conv</c> and <c>batchnorm</c>).
/// </summary>
internal sealed class ConvDownsample : nn.Module
{
    [ComponentName(Name = "conv")] private readonly PerceiverConv2d _conv;
    [ComponentName(Name = "batchnorm")] private readonly PerceiverBatchNorm2d? _norm;

    internal ConvDownsample(int inputChannels, int outputChannels, bool batchNorm) : base(nameof(ConvDownsample))
    {
        _conv = new PerceiverConv2d(inputChannels, outputChannels, kernel: 7, stride: 2, padding: 3, bias: false);
        _norm = batchNorm ? new PerceiverBatchNorm2d(outputChannels) : null;
        RegisterComponents();
    }

    /// <summary>The smallest height and width that leave one position.</summary>
    internal const int SmallestSide = 5;

    /// <summary>Height, or width, of the output for that of an image.</summary>
    internal static int OutputSide(int side) => ((side - 1) / 2 + 1 - 3) / 2 + 1;

    /// <param name="x">[batch, channels, height, width].</param>
    /// <returns>[batch, output channels, about height / 4, about width / 4].</returns>
    internal Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var convolved = _conv.forward(training ? ChannelsLast(x) : x);
        var normalised = _norm is null ? convolved : _norm.forward(convolved);
        // The maximum comes first, as it leaves a quarter of the numbers to ReLU; the result and the gradients are the same.
        return nn.functional.relu(nn.functional.max_pool2d(normalised, 3, 2)).MoveToOuterDisposeScope();
    }

    // The same tensor with a pixel's channels beside each other in memory, which convolution, norm and maximum keep. Their backward passes,
    // and torch's maximum in bfloat16, compute channels in vectors so. A prediction of one image is not faster by it.
    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x)
    {
        var convolved = _conv.ToOnnx(builder, x);
        var normalised = _norm is null ? convolved : _norm.ToOnnx(builder, convolved);
        return builder.MaxPool(builder.Relu(normalised), 3, 2);
    }
}
