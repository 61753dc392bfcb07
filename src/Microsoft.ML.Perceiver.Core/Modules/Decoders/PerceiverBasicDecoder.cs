using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Cross-attention from positions to the latents (reference class <c>PerceiverBasicDecoder</c>; section 3.2 of the Perceiver IO paper).
/// </summary>
public sealed class PerceiverBasicDecoder : PerceiverDecoder
{
    [ComponentName(Name = "output_position_encodings")] private readonly TrainablePositionEncoding? _trainable;
    [ComponentName(Name = "positions_projection")] private readonly PerceiverLinear? _projection;
    [ComponentName(Name = "decoding_cross_attention")] private readonly PerceiverLayer? _attention;
    [ComponentName(Name = "final_layer")] private readonly PerceiverLinear? _final;
    private readonly FourierPositionEncoding? _fourier;
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
        var positions = options.PositionEncoding;
        if (positions.Kind == PositionEncodingKind.Trainable)
            _trainable = new TrainablePositionEncoding(positions.Trainable ?? throw new ArgumentException("A decoder with trainable positions needs their settings.", nameof(options)));
        if (positions.Kind == PositionEncodingKind.Fourier)
            _fourier = new FourierPositionEncoding(positions.Fourier ?? throw new ArgumentException("A decoder with Fourier positions needs their settings.", nameof(options)));
        int encoded = positions.Trainable?.NumChannels ?? 0;
        if (_fourier is not null)
            encoded = _fourier.OutputChannels;
        if (positions.ProjectPositionChannels > 0 && positions.Kind != PositionEncodingKind.None)
            _projection = new PerceiverLinear(positions.OutChannels ?? encoded, positions.ProjectPositionChannels);
        PositionChannels = _projection is null ? encoded : positions.ProjectPositionChannels;
        if (!options.PositionEncodingOnly)
        {
            _attention = new PerceiverLayer(
                config,
                AttentionShape.Cross(config, options.NumHeads, options.NumChannels, config.LatentChannels, options.QueryKeyChannels, options.ValueChannels),
                options.WideningFactor,
                options.UseQueryResidual);
            _final = options.FinalProject ? new PerceiverLinear(options.NumChannels, options.OutputNumChannels) : null;
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumQueryChannels =>
        _options.PositionEncoding.Kind == PositionEncodingKind.None
            ? throw new InvalidOperationException("A decoder without position encoding has no queries of its own.")
            : _options.PositionEncodingOnly ? PositionChannels
            : _options.FinalProject ? _options.OutputNumChannels : _options.NumChannels;

    /// <summary>Width of an encoded position, projected where there is a projection.</summary>
    internal int PositionChannels { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Points of a Fourier decoder lie at -1 + 2 * index / extent, without the end point, and the whole grid at linspace(-1, 1), as in the
    /// reference. The grid of a Fourier decoder has the extents of the input's axes from the third on.
    /// </remarks>
    public override Tensor Query(PreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var scope = NewDisposeScope();
        var positions = subsampledPoints is { } points ? QueryAt(points.Tensor.reshape(1, -1)) : AllPositions(inputs.Inputs);
        if (_options.ConcatPreprocessedInput)
        {
            var repeated = inputs.WithoutPositions
                ?? throw new ArgumentException("This decoder repeats the preprocessed input, but the preprocessor gives none without positions.", nameof(inputs));
            positions = cat([repeated, positions.expand(repeated.shape[0], -1, -1)], -1);
        }

        return positions.MoveToOuterDisposeScope();
    }

    /// <summary>The queries of single outputs, without the input that a decoder may repeat.</summary>
    /// <param name="indices">int64 indices into the flattened output, [batch, points].</param>
    /// <returns>[batch, points, channels].</returns>
    internal Tensor QueryAt(Tensor indices)
    {
        using var scope = NewDisposeScope();
        Tensor encoded;
        if (_trainable is not null)
        {
            encoded = _trainable.At(indices);
        }
        else
        {
            var extents = _options.OutputIndexDims ?? throw new InvalidOperationException("Points of a Fourier decoder need its output_index_dims.");
            var remaining = indices.reshape(-1);
            var axes = new Tensor[extents.Count];
            for (int axis = extents.Count - 1; axis >= 0; axis--)
            {
                axes[axis] = remaining.remainder(extents[axis]).to(ScalarType.Float32) * 2 / extents[axis] - 1;
                remaining = remaining.div(extents[axis], RoundingMode.floor);
            }

            encoded = Fourier.At(stack(axes, 1)).view(indices.shape[0], indices.shape[1], -1);
        }

        return Project(encoded).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <returns>[batch, queries, output channels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(latents);
        if (_attention is null)
            throw new InvalidOperationException("This decoder only encodes positions; it cannot answer queries.");
        if (query.shape[^1] != _options.NumChannels)
            throw new ArgumentException($"The queries are {query.shape[^1]} wide; this decoder takes {_options.NumChannels}.", nameof(query));
        var (output, probabilities) = _attention.forward(query, latents, wantProbabilities: outputAttentions);
        if (_final is null)
            return new PerceiverDecoderOutput(output, probabilities);
        var projected = _final.forward(output);
        output.Dispose();
        return new PerceiverDecoderOutput(projected, probabilities);
    }

    private FourierPositionEncoding Fourier => _fourier ?? throw new InvalidOperationException("A decoder without position encoding has no queries of its own.");

    private Tensor AllPositions(Tensor inputs)
    {
        if (_trainable is not null)
            return Project(_trainable.forward());
        var grid = Fourier.Grid(inputs.shape[2..]).to(inputs.device);
        return Project(grid.unsqueeze(0));
    }

    // Fourier features are float32; the projection and the attention work in the weights' precision.
    private Tensor Project(Tensor encoded)
    {
        var weights = _attention?.parameters().FirstOrDefault() ?? _projection?.parameters().FirstOrDefault();
        var converted = weights is null ? encoded : encoded.to(weights.dtype, weights.device);
        return _projection is null ? converted : _projection.forward(converted);
    }
}
