using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A motion for each pixel, whose query is the preprocessed pixel itself (reference class <c>PerceiverOpticalFlowDecoder</c>, keys
/// <c>decoder.*</c>; section 4.3 of the Perceiver IO paper).
/// </summary>
public sealed class PerceiverOpticalFlowDecoder : PerceiverDecoder
{
    [ComponentName(Name = "decoder")] private readonly PerceiverBasicDecoder _decoder;
    private readonly double _rescaleFactor;
    private readonly int _height, _width;

    // To the right and down.
    private const int Components = 2;

    /// <summary>Makes a decoder.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="outputImageShape">Height and width of the frames.</param>
    /// <param name="options">
    /// The inner decoder's settings; <see cref="PerceiverBasicDecoderOptions.OutputNumChannels"/> is 2, the components of a motion, where
    /// none is given, and <see cref="PerceiverBasicDecoderOptions.NumChannels"/> the width of the preprocessed input.
    /// </param>
    /// <param name="rescaleFactor">What the output is divided by.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The shape is no height and width, or settings do not fit each other.</exception>
    public PerceiverOpticalFlowDecoder(
        PerceiverConfig config, IReadOnlyList<int> outputImageShape, PerceiverBasicDecoderOptions options, double rescaleFactor = 100)
        : base(nameof(PerceiverOpticalFlowDecoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(outputImageShape);
        ArgumentNullException.ThrowIfNull(options);
        if (outputImageShape is not [> 0, > 0])
        {
            throw new ArgumentException(
                $"The shape of a frame is a height and a width, not [{string.Join(", ", outputImageShape)}].", nameof(outputImageShape));
        }

        if (rescaleFactor == 0 || !double.IsFinite(rescaleFactor))
            throw new ArgumentOutOfRangeException(nameof(rescaleFactor), rescaleFactor, "The output cannot be divided by it.");
        (_height, _width) = (outputImageShape[0], outputImageShape[1]);
        _rescaleFactor = rescaleFactor;
        _decoder = new PerceiverBasicDecoder(config, options.WithDefaultOutput(Components));
        RegisterComponents();
    }

    /// <summary>
    /// Queries that are computed at once where no gradient is wanted, so that a large frame needs little more memory than a small one.
    /// </summary>
    internal int QueriesAtOnce { get; set; } = 16384;

    /// <inheritdoc/>
    public override int NumQueryChannels => _decoder.NumQueryChannels;

    /// <inheritdoc/>
    /// <returns>The preprocessed input itself, [batch, height times width, channels].</returns>
    /// <exception cref="ArgumentException">Points are given: the decoder computes every pixel.</exception>
    public override Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return subsampledPoints is null
            ? inputs.Inputs.alias()
            : throw new ArgumentException("A decoder of optical flow computes every pixel; it takes no points.", nameof(subsampledPoints));
    }

    /// <inheritdoc/>
    /// <returns>[batch, height, width, channels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.shape[1] != (long)_height * _width)
        {
            throw new ArgumentException(
                $"There are {query.shape[1]} queries; this decoder needs one for each of {_height} x {_width} pixels.", nameof(query));
        }

        using var scope = NewDisposeScope();
        var output = outputAttentions || is_grad_enabled() ? _decoder.forward(query, latents, outputAttentions) : InParts(query, latents);
        var flow = output.Logits.Over(_rescaleFactor).reshape(query.shape[0], _height, _width, -1);
        output.CrossAttention?.MoveToOuterDisposeScope();
        return output with { Logits = flow.MoveToOuterDisposeScope() };
    }

    /// <inheritdoc/>
    internal override Tensor? LatentWeights(Tensor? query, Tensor latents) => _decoder.LatentWeights(query, latents);

    /// <inheritdoc/>
    internal override OnnxValue QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null) =>
        points is null ? inputs.Inputs : builder.Gather(inputs.Inputs, points.Value.Value, 1);

    /// <inheritdoc/>
    /// <remarks>[batch, height, width, channels]; of some pixels, [batch, pixels, channels].</remarks>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents)
    {
        var flow = builder.Divide(_decoder.ToOnnx(builder, query, latents), builder.Scalar(_rescaleFactor));
        return flow[1].Is((long)_height * _width) ? builder.Reshape(flow, flow[0], _height, _width, flow[2]) : flow;
    }

    /// <summary>This decoder for the pixels of a grid; null as in <see cref="PerceiverBasicDecoder.Fold(PixelGrid, double)"/>.</summary>
    internal FoldedPixels? Fold(PixelGrid grid) => _decoder.Fold(grid, _rescaleFactor);

    /// <summary>The motions of some pixels only. Training uses it, as most pixels of a frame give the same gradient.</summary>
    /// <param name="query">Rows of what <see cref="Query"/> returned, [batch, pixels, channels].</param>
    /// <param name="latents">The encoder's last hidden state.</param>
    /// <returns>[batch, pixels, channels].</returns>
    internal Tensor Motions(Tensor query, Tensor latents)
    {
        using var scope = NewDisposeScope();
        return _decoder.forward(query, latents).Logits.Over(_rescaleFactor).MoveToOuterDisposeScope();
    }

    private PerceiverDecoderOutput InParts(Tensor query, Tensor latents)
    {
        long count = query.shape[1], atOnce = Math.Max(1, QueriesAtOnce / query.shape[0]);
        if (count <= atOnce)
            return _decoder.forward(query, latents);
        var parts = new List<Tensor>();
        for (long start = 0; start < count; start += atOnce)
        {
            using var scope = NewDisposeScope();
            var part = query.narrow(1, start, Math.Min(atOnce, count - start));
            parts.Add(_decoder.forward(part, latents).Logits.MoveToOuterDisposeScope());
        }

        return new PerceiverDecoderOutput(cat(parts, 1), null);
    }
}
