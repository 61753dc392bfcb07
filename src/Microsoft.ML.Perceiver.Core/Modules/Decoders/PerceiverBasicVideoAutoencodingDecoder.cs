using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// One query for each pixel of a video (reference class <c>PerceiverBasicVideoAutoencodingDecoder</c>, keys <c>decoder.*</c>; there no
/// model can call it, here <see cref="PerceiverModel"/> does).
/// </summary>
public sealed class PerceiverBasicVideoAutoencodingDecoder : PerceiverDecoder
{
    [ComponentName(Name = "decoder")] private readonly PerceiverBasicDecoder _decoder;
    private readonly long[] _extents;

    /// <summary>Makes a decoder.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="outputShape">Batch, frames, height and width; the batch is ignored.</param>
    /// <param name="options">The inner decoder's settings; its output dims follow from the shape.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The shape has not four extents, or settings do not fit each other.</exception>
    public PerceiverBasicVideoAutoencodingDecoder(
        PerceiverConfig config, IReadOnlyList<int> outputShape, PerceiverBasicDecoderOptions options)
        : base(nameof(PerceiverBasicVideoAutoencodingDecoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(outputShape);
        ArgumentNullException.ThrowIfNull(options);
        if (outputShape.Count != 4 || outputShape.Any(n => n <= 0))
        {
            throw new ArgumentException(
                $"The output's shape is [{string.Join(", ", outputShape)}]; a video needs batch, frames, height and width.",
                nameof(outputShape));
        }

        int[] extents = outputShape.Skip(1).ToArray();
        _extents = extents.Select(n => (long)n).ToArray();
        _decoder = new PerceiverBasicDecoder(config, options with { OutputIndexDims = extents });
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumQueryChannels => _decoder.NumQueryChannels;

    /// <inheritdoc/>
    public override int QueryCount(PerceiverInputs? subsampledPoints = null) => _decoder.QueryCount(subsampledPoints);

    /// <inheritdoc/>
    /// <remarks>Without points, the positions of the whole video lie at linspace(-1, 1), whatever the input's shape.</remarks>
    public override Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return _decoder.Query(inputs, subsampledPoints, _extents);
    }

    /// <inheritdoc/>
    /// <returns>[batch, frames, height, width, channels]; of some points, [batch, points, channels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false)
    {
        var output = _decoder.forward(query, latents, outputAttentions);
        if (output.Logits.shape[1] != QueryCount())
            return output;
        using var flat = output.Logits;
        return output with { Logits = flat.reshape([flat.shape[0], .. _extents, flat.shape[2]]) };
    }

    /// <inheritdoc/>
    internal override OnnxDimension QueryCountToOnnx(OnnxValue? points) => _decoder.QueryCountToOnnx(points);

    /// <inheritdoc/>
    internal override OnnxValue QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null) =>
        _decoder.QueryToOnnx(builder, inputs, points, _extents);

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents)
    {
        var flat = _decoder.ToOnnx(builder, query, latents);
        OnnxDimension[] video = [flat[0], .. _extents.Select(n => (OnnxDimension)n), flat[2]];
        return flat[1].Is(QueryCount()) ? builder.Reshape(flat, video) : flat;
    }

    /// <summary>The inner decoder.</summary>
    internal PerceiverBasicDecoder Inner => _decoder;
}
