using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Maps the first query's output to one score for each label (reference class <c>PerceiverClassificationPostprocessor</c>, key
/// <c>classifier</c>).
/// </summary>
public sealed class PerceiverClassificationPostprocessor : PerceiverPostprocessor
{
    [ComponentName(Name = "classifier")] private readonly PerceiverLinear _classifier;

    /// <summary>Makes the map to <see cref="PerceiverConfig.NumLabels"/> scores.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="inputChannels">Width of the decoder's output.</param>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    public PerceiverClassificationPostprocessor(PerceiverConfig config, int inputChannels)
        : base(nameof(PerceiverClassificationPostprocessor))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputChannels);
        _classifier = new PerceiverLinear(inputChannels, config.NumLabels, ParameterRole.Output) { GivesLabels = true };
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <returns>[batch, labels].</returns>
    public override Tensor forward(Tensor decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        return _classifier.forward(decoded)[TensorIndex.Colon, 0, TensorIndex.Colon];
    }

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue decoded) =>
        builder.Gather(_classifier.ToOnnx(builder, decoded), builder.Integer(0), 1);
}
