using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// An answer of each input vector of an array, whose query is the vector itself with its position, or answers at coordinates that the
/// caller gives, whose queries are their Fourier positions (keys <c>decoder.*</c>). Each query is added to what it finds in the latents.
/// </summary>
internal sealed class ArrayDecoder : PerceiverDecoder
{
    [ComponentName(Name = "decoder")] private readonly PerceiverBasicDecoder _decoder;
    private readonly PositionEncoder? _positions;

    /// <param name="config">The model's configuration, with the settings of the array.</param>
    /// <param name="inputs">Makes the input vectors.</param>
    internal ArrayDecoder(PerceiverConfig config, PerceiverPreprocessor inputs) : base(nameof(ArrayDecoder))
    {
        var settings = config.Array!;
        if (settings.Output == PerceiverArraySettings.CoordinatesOutput)
        {
            var options = new PerceiverFourierPositionOptions(settings.NumBands, settings.Resolutions);
            _positions = new PositionEncoder(PerceiverPositionEncodingOptions.ForFourier(options));
        }

        _decoder = new PerceiverBasicDecoder(config, new PerceiverBasicDecoderOptions
        {
            NumChannels = _positions?.Channels ?? inputs.NumChannels,
            PositionEncoding = new PerceiverPositionEncodingOptions { Kind = PerceiverPositionEncodingKind.None },
            OutputNumChannels = config.NumLabels,
            UseQueryResidual = true,
            GivesLabels = true,
        });
        NumQueryChannels = config.NumLabels;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumQueryChannels { get; }

    /// <inheritdoc/>
    public override int QueryCount(PerceiverInputs? subsampledPoints = null) =>
        _positions is not null && subsampledPoints is { } points ? (int)points.Tensor.shape[1] : base.QueryCount();

    /// <summary>Makes the queries.</summary>
    /// <param name="inputs">What the preprocessor returned.</param>
    /// <param name="subsampledPoints">The coordinates, floats [1 or batch, points, coordinates], of a decoder that answers at such.</param>
    /// <returns>[1 or batch, points or vectors, channels].</returns>
    /// <exception cref="ArgumentException">The coordinates are missing, have another shape, or are not from -1 to 1.</exception>
    public override Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null)
    {
        var vectors = inputs.Inputs;
        if (_positions is null)
        {
            return subsampledPoints is null
                ? vectors.alias()
                : throw new ArgumentException("The model answers each input vector; it takes no output coordinates.");
        }

        var coordinates = subsampledPoints?.Tensor
            ?? throw new ArgumentException("The model answers at coordinates; the output coordinates are missing.");
        ArrayCoordinates.Require(coordinates, "output coordinates", [vectors.shape[0], -1, _positions.Axes]);
        return _positions.AtCoordinates(coordinates.to(ScalarType.Float32, vectors.device), vectors.dtype);
    }

    /// <inheritdoc/>
    /// <returns>[batch, points or vectors, labels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false) =>
        _decoder.forward(query, latents, outputAttentions);

    /// <inheritdoc/>
    internal override Tensor? LatentWeights(Tensor? query, Tensor latents) => _decoder.LatentWeights(query, latents);

    /// <inheritdoc/>
    internal override OnnxValue? QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null) =>
        _positions is null
            ? inputs.Inputs
            : _positions.AtCoordinatesToOnnx(builder, points?.Value ?? throw new ArgumentException("The output coordinates are missing."));

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents) =>
        _decoder.ToOnnx(builder, query, latents);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _positions?.Dispose();
        base.Dispose(disposing);
    }
}
