using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Maps each query's output to a patch of samples (reference class <c>PerceiverAudioPostprocessor</c>, key <c>classifier</c>).
/// </summary>
public sealed class PerceiverAudioPostprocessor : PerceiverPostprocessor
{
    [ComponentName(Name = "classifier")] private readonly PerceiverLinear _classifier;

    /// <summary>Makes the map to patches of <see cref="PerceiverConfig.SamplesPerPatch"/> samples.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="inputChannels">Width of the decoder's output.</param>
    /// <param name="postprocessing">How the decoder's output becomes audio.</param>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    /// <exception cref="ArgumentException">There is no such postprocessing.</exception>
    public PerceiverAudioPostprocessor(
        PerceiverConfig config, int inputChannels, PerceiverAudioPrepType postprocessing = PerceiverAudioPrepType.Patches)
        : base(nameof(PerceiverAudioPostprocessor))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputChannels);
        if (!Enum.IsDefined(postprocessing))
            throw new ArgumentException($"{postprocessing} is no way of making audio.", nameof(postprocessing));
        _classifier = new PerceiverLinear(inputChannels, config.SamplesPerPatch, ParameterRole.Output);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <returns>[batch, queries * samples of a patch].</returns>
    public override Tensor forward(Tensor decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        using var patches = _classifier.forward(decoded);
        return patches.reshape(patches.shape[0], -1);
    }

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue decoded)
    {
        var patches = _classifier.ToOnnx(builder, decoded);
        return builder.Reshape(patches, patches[0], patches[1] * patches[2]);
    }
}
