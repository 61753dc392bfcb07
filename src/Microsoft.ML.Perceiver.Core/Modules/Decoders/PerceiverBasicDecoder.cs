using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Cross-attention from positions to the latents (reference class <c>PerceiverBasicDecoder</c>; section 3.2 of the Perceiver IO paper).
/// </summary>
public sealed partial class PerceiverBasicDecoder : PerceiverDecoder
{
    [ComponentName(Name = "output_position_encodings")] private readonly TrainablePositionEncoding? _trainable;
    [ComponentName(Name = "positions_projection")] private readonly PerceiverLinear? _projection;
    [ComponentName(Name = "decoding_cross_attention")] private readonly PerceiverLayer? _attention;
    [ComponentName(Name = "final_layer")] private readonly PerceiverLinear? _final;
    private readonly PositionEncoder _positions;
    private readonly PerceiverBasicDecoderOptions _options;

    /// <summary>Makes a decoder.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="options">The decoder's own settings.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">Settings do not fit each other.</exception>
    public PerceiverBasicDecoder(PerceiverConfig config, PerceiverBasicDecoderOptions options) : base(nameof(PerceiverBasicDecoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _positions = new PositionEncoder(options.PositionEncoding);
        (_trainable, _projection) = (_positions.Trainable, _positions.Projection);
        if (!options.PositionEncodingOnly)
        {
            var shape = AttentionShape.Cross(
                config, options.NumHeads, options.NumChannels, config.LatentChannels, options.QueryKeyChannels, options.ValueChannels);
            _attention = new PerceiverLayer(config, shape, options.WideningFactor, options.UseQueryResidual);
            _final = options.FinalProject
                ? new PerceiverLinear(options.NumChannels, options.OutputNumChannels, ParameterRole.Output)
                {
                    GivesLabels = options.GivesLabels,
                }
                : null;
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumQueryChannels =>
        _options.PositionEncoding.Kind == PerceiverPositionEncodingKind.None
            ? throw new InvalidOperationException("A decoder without position encoding has no queries of its own.")
            : _options.PositionEncodingOnly ? PositionChannels
            : _options.FinalProject ? _options.OutputNumChannels : _options.NumChannels;

    /// <inheritdoc/>
    public override int QueryCount(PerceiverInputs? subsampledPoints = null)
    {
        if (_trainable is not null)
            return (int)_trainable.Positions;
        return subsampledPoints is null && _options.OutputIndexDims is { } extents
            ? extents.Aggregate(1, (a, b) => checked(a * b))
            : base.QueryCount(subsampledPoints);
    }

    /// <summary>Width of an encoded position, projected where there is a projection.</summary>
    internal int PositionChannels => _positions.Channels;

    /// <inheritdoc/>
    /// <remarks>
    /// Points of a Fourier decoder lie at -1 + 2 * index / extent, without the end point, and the whole grid at linspace(-1, 1), as in the
    /// reference. The grid of a Fourier decoder has the extents of the input's axes from the third on. A decoder with trainable positions
    /// makes the queries of all of its outputs whatever the points are, as in the reference.
    /// </remarks>
    public override Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Query(inputs, subsampledPoints, inputs.Inputs.shape[2..]);
    }

    /// <summary>
    /// As <see cref="Query(PerceiverPreprocessedInputs, PerceiverInputs?)"/>, with extents that the enclosing decoder knows.
    /// </summary>
    internal Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints, long[] extents)
    {
        using var scope = NewDisposeScope();
        var positions = subsampledPoints is { } points && _trainable is null
            ? QueryAt(points.Tensor.reshape(1, -1))
            : _positions.Grid(extents, WeightType, inputs.Inputs.device);
        if (_options.ConcatPreprocessedInput)
        {
            var repeated = inputs.WithoutPositions
                ?? throw new ArgumentException(
                    "This decoder repeats the preprocessed input, but the preprocessor gives none without positions.", nameof(inputs));
            positions = cat([repeated, positions.expand(repeated.shape[0], -1, -1)], -1);
        }

        return positions.MoveToOuterDisposeScope();
    }

    /// <summary>The queries of single outputs, without the input that a decoder may repeat.</summary>
    /// <param name="indices">int64 indices into the flattened output, [batch, points].</param>
    /// <returns>[batch, points, channels].</returns>
    internal Tensor QueryAt(Tensor indices) => _positions.At(indices, _options.OutputIndexDims, WeightType);

    /// <summary>As <see cref="PositionEncoder.AxisFeatures"/>.</summary>
    internal (Tensor Features, Tensor Base) AxisFeatures(long[] extents) => _positions.AxisFeatures(extents, withEndPoints: false);

    /// <summary>This decoder followed by an affine map, for a grid of queries given by their features.</summary>
    internal FoldedDecoder Fold(PerceiverLinear output, Tensor features, Tensor rest, long[] extents)
    {
        if (_attention is null || _final is null || _options.UseQueryResidual || _options.NumHeads != 1)
            throw new InvalidOperationException("Only a decoder of one head, without query residual and with a final map can be folded.");
        using var scope = NewDisposeScope();
        var weight = AxisSums.Double(output.Weight);
        var last = matmul(weight, AxisSums.Double(_final.Weight));
        var lastBias = weight.mv(AxisSums.Double(_final.Bias)).Plus(AxisSums.Double(output.Bias));
        return new FoldedDecoder(_attention, last, lastBias, features, rest, extents);
    }

    /// <summary>
    /// This decoder for queries that are pixels with their positions; null where it computes in another way than in float32 on the CPU,
    /// with one head, without query residual and with a final map.
    /// </summary>
    /// <param name="grid">The pixels.</param>
    /// <param name="divisor">What the output is divided by.</param>
    internal FoldedPixels? Fold(PixelGrid grid, double divisor)
    {
        if (_attention is null || _final is null || _options.UseQueryResidual || _options.NumHeads != 1 || !_attention.IsPlainFloat32)
            return null;
        using var scope = NewDisposeScope();
        var (last, lastBias) = (AxisSums.Double(_final.Weight).Over(divisor), AxisSums.Double(_final.Bias).Over(divisor));
        var decoder = new FoldedDecoder(_attention, last, lastBias, grid.Features, grid.Rest, [grid.Height, grid.Width]);
        return new FoldedPixels(decoder, grid);
    }

    /// <inheritdoc/>
    /// <returns>[batch, queries, output channels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(latents);
        if (_attention is null)
            throw new InvalidOperationException("This decoder only encodes positions; it has no output.");
        if (query.shape[^1] != _options.NumChannels)
        {
            throw new ArgumentException(
                $"The queries are {query.shape[^1]} wide; this decoder takes {_options.NumChannels}.", nameof(query));
        }

        var (output, probabilities) = _attention.forward(query, latents, wantProbabilities: outputAttentions);
        if (_final is null)
            return new PerceiverDecoderOutput(output, probabilities);
        var projected = _final.forward(output);
        output.Dispose();
        return new PerceiverDecoderOutput(projected, probabilities);
    }

    /// <inheritdoc/>
    internal override Tensor? LatentWeights(Tensor? query, Tensor latents)
    {
        if (_attention is null || query is null)
            return null;
        var (queries, keys) = _attention.Attention.Inner.QueriesAndKeys(query, latents);
        return AttentionWeights.MeanOverHeads(queries, keys, bias: null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _positions.Dispose();
        base.Dispose(disposing);
    }

    // Fourier features are float32; the projection and the attention work in the weights' precision.
    private ScalarType WeightType =>
        (_attention?.parameters() ?? _projection?.parameters() ?? []).Select(p => p.dtype).FirstOrDefault(ScalarType.Float32);
}
