using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>One query, one score for each label (reference class <c>PerceiverClassificationDecoder</c>, keys <c>decoder.*</c>).</summary>
public sealed class PerceiverClassificationDecoder : PerceiverDecoder
{
    [ComponentName(Name = "decoder")] private readonly PerceiverBasicDecoder _decoder;

    /// <summary>Makes a decoder whose output is <see cref="PerceiverConfig.NumLabels"/> wide.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="options">The inner decoder's settings; its output width follows from the configuration.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public PerceiverClassificationDecoder(PerceiverConfig config, PerceiverBasicDecoderOptions options)
        : base(nameof(PerceiverClassificationDecoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        _decoder = new PerceiverBasicDecoder(config, options with { OutputNumChannels = config.NumLabels, GivesLabels = true });
        RegisterComponents();
    }

    /// <summary>The decoder of the classification heads: one trainable query as wide as the latents, with its residual.</summary>
    internal static PerceiverClassificationDecoder ForHead(PerceiverConfig config) => new(config, new PerceiverBasicDecoderOptions
    {
        NumChannels = config.LatentChannels,
        PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(config.LatentChannels, 1),
        UseQueryResidual = true,
    });

    /// <inheritdoc/>
    public override int NumQueryChannels => _decoder.NumQueryChannels;

    /// <inheritdoc/>
    public override int QueryCount(PerceiverInputs? subsampledPoints = null) => _decoder.QueryCount(subsampledPoints);

    /// <inheritdoc/>
    public override Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null) =>
        _decoder.Query(inputs, subsampledPoints);

    /// <inheritdoc/>
    /// <returns>[batch, labels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false)
    {
        var output = _decoder.forward(query, latents, outputAttentions);
        var first = output.Logits[TensorIndex.Colon, 0, TensorIndex.Colon];
        output.Logits.Dispose();
        return output with { Logits = first };
    }

    /// <inheritdoc/>
    internal override Tensor? LatentWeights(Tensor? query, Tensor latents) => _decoder.LatentWeights(query, latents);

    /// <inheritdoc/>
    internal override OnnxDimension QueryCountToOnnx(OnnxValue? points) => _decoder.QueryCountToOnnx(points);

    /// <inheritdoc/>
    internal override OnnxValue? QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null) =>
        _decoder.QueryToOnnx(builder, inputs, points);

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents) =>
        builder.Gather(_decoder.ToOnnx(builder, query, latents), builder.Integer(0), 1);
}
