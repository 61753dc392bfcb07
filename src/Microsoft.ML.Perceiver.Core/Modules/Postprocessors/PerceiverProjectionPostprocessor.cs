using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>An affine map of the channels (reference class <c>PerceiverProjectionPostprocessor</c>, key <c>classifier</c>).</summary>
public sealed class PerceiverProjectionPostprocessor : PerceiverPostprocessor
{
    [ComponentName(Name = "classifier")] private readonly PerceiverLinear _classifier;

    /// <summary>Makes the map.</summary>
    /// <param name="inputChannels">Width of the decoder's output.</param>
    /// <param name="outputChannels">Width of the results.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is not positive.</exception>
    public PerceiverProjectionPostprocessor(int inputChannels, int outputChannels) : base(nameof(PerceiverProjectionPostprocessor))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputChannels);
        _classifier = new PerceiverLinear(inputChannels, outputChannels, ParameterRole.Output);
        RegisterComponents();
    }

    /// <summary>The map.</summary>
    internal PerceiverLinear Map => _classifier;

    /// <inheritdoc/>
    /// <returns>[batch, queries, output channels].</returns>
    public override Tensor forward(Tensor decoded) => _classifier.forward(decoded);

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue decoded) => _classifier.ToOnnx(builder, decoded);
}
