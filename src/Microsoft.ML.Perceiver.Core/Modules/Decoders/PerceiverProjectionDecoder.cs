using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The mean of the latents mapped to one score for each label, without cross-attention (reference class <c>PerceiverProjectionDecoder</c>,
/// key <c>classifier</c>; there no model can call it, here <see cref="PerceiverModel"/> does).
/// </summary>
public sealed class PerceiverProjectionDecoder : PerceiverDecoder
{
    [ComponentName(Name = "classifier")] private readonly PerceiverLinear _classifier;

    /// <summary>Makes the map from <see cref="PerceiverConfig.LatentChannels"/> to <see cref="PerceiverConfig.NumLabels"/>.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    public PerceiverProjectionDecoder(PerceiverConfig config) : base(nameof(PerceiverProjectionDecoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        _classifier = new PerceiverLinear(config.LatentChannels, config.NumLabels, ParameterRole.Output) { GivesLabels = true };
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumQueryChannels => 0;

    /// <inheritdoc/>
    /// <returns>Null: there is no query.</returns>
    public override Tensor? Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null) => null;

    /// <inheritdoc/>
    /// <returns>[batch, labels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false)
    {
        ArgumentNullException.ThrowIfNull(latents);
        using var mean = latents.mean([1]);
        return new PerceiverDecoderOutput(_classifier.forward(mean), null);
    }

    /// <inheritdoc/>
    internal override OnnxValue? QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null) => null;

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents) =>
        _classifier.ToOnnx(builder, builder.Mean(latents, 1, keep: false));
}
