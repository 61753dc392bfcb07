using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// One cross-attention for the queries of several modalities. Each modality's decoder only makes its queries; a trainable vector pads them
/// to a common width, and they are joined in the order of the modalities' names (reference class <c>PerceiverMultimodalDecoder</c>; keys
/// <c>modalities.{name}</c>, <c>padding.{name}</c> and <c>decoder</c>).
/// </summary>
public sealed partial class PerceiverMultimodalDecoder : PerceiverDecoder
{
    [ComponentName(Name = "modalities")] private readonly ModalityParts<PerceiverDecoder> _modalities;
    [ComponentName(Name = "decoder")] private readonly PerceiverBasicDecoder _decoder;
    [ComponentName(Name = "padding")] private readonly ModalityVectors _padding;

    /// <summary>Makes a decoder.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="modalities">The decoder that makes the queries of each modality, by its name.</param>
    /// <param name="outputNumChannels">Width of the output.</param>
    /// <param name="minPaddingSize">Trainable channels behind the widest query.</param>
    /// <param name="numOutputs">Outputs of all modalities together, where they are known; the reference only notes it.</param>
    /// <param name="options">Further settings of the cross-attention; its widths and positions follow from the modalities.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no modality, or settings do not fit each other.</exception>
    public PerceiverMultimodalDecoder(
        PerceiverConfig config,
        IReadOnlyDictionary<string, PerceiverDecoder> modalities,
        int outputNumChannels,
        int minPaddingSize = 2,
        int? numOutputs = null,
        PerceiverBasicDecoderOptions? options = null)
        : base(nameof(PerceiverMultimodalDecoder))
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfNegative(minPaddingSize);
        _modalities = new ModalityParts<PerceiverDecoder>(modalities, nameof(modalities));
        NumQueryChannels = modalities.Values.Max(d => d.NumQueryChannels) + minPaddingSize;
        _decoder = new PerceiverBasicDecoder(config, (options ?? new()) with
        {
            OutputIndexDims = numOutputs is { } outputs ? [outputs] : null,
            OutputNumChannels = outputNumChannels,
            NumChannels = NumQueryChannels,
            PositionEncoding = new PerceiverPositionEncodingOptions { Kind = PerceiverPositionEncodingKind.None },
        });
        _padding = new ModalityVectors(_modalities.Sorted.Select(m => (m.Key, NumQueryChannels - m.Value.NumQueryChannels)));
        RegisterComponents();
    }

    /// <summary>Width of the queries, padding included.</summary>
    public override int NumQueryChannels { get; }

    /// <inheritdoc/>
    public override int QueryCount(PerceiverInputs? subsampledPoints = null) => ModalityQueryCounts(subsampledPoints).Values.Sum();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, int> ModalityQueryCounts(PerceiverInputs? subsampledPoints = null)
    {
        var points = Points(subsampledPoints);
        return _modalities.Sorted.ToDictionary(m => m.Key, m => m.Value.QueryCount(PointsOf(points, m.Key)), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A modality without points has the queries of all of its outputs, at the positions that points have: -1 + 2 * index / extent (the
    /// reference has the end points in such grids, and can only make them where the input has the output's shape).
    /// </remarks>
    public override Tensor Query(PerceiverPreprocessedInputs inputs, PerceiverInputs? subsampledPoints = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var points = Points(subsampledPoints);
        using var scope = NewDisposeScope();
        var sizes = inputs.ModalitySizes;
        long start = 0;
        var queries = new List<Tensor>();
        foreach (var (name, decoder) in _modalities.Sorted)
        {
            int size = 0;
            if (sizes is not null && !sizes.TryGetValue(name, out size))
                throw new ArgumentException($"The inputs have no modality '{name}'.", nameof(inputs));
            var withoutPositions = inputs.ModalitiesWithoutPositions?.GetValueOrDefault(name);
            var own = new PerceiverPreprocessedInputs(inputs.Inputs.narrow(1, start, size), withoutPositions);
            start += size;
            var wanted = PointsOf(points, name)?.Tensor
                ?? TensorNumbers.Indices(decoder.QueryCount(), ScalarType.Int64, inputs.Inputs.device);
            queries.Add(Pad(name, decoder.Query(own, wanted)));
        }

        long batch = queries.Max(q => q.shape[0]);
        return cat(queries.Select(q => q.expand(batch, -1, -1)).ToArray(), 1).MoveToOuterDisposeScope();
    }

    /// <summary>The queries of one modality whose decoder needs no input, [1, points, <see cref="NumQueryChannels"/>].</summary>
    /// <param name="modality">Its name.</param>
    /// <param name="points">int64 [points].</param>
    internal Tensor QueryAt(string modality, Tensor points)
    {
        using var scope = NewDisposeScope();
        var nothing = new PerceiverPreprocessedInputs(empty(1, 0, 0, device: points.device));
        return Pad(modality, _modalities[modality].Query(nothing, points)).MoveToOuterDisposeScope();
    }

    /// <summary>The output of every pixel of a modality of video, with its affine maps multiplied beforehand.</summary>
    internal FoldedDecoder FoldFor(string modality, PerceiverProjectionPostprocessor output, long[] extents)
    {
        using var scope = NewDisposeScope();
        var positions = ((PerceiverBasicVideoAutoencodingDecoder)_modalities[modality]).Inner;
        var (features, rest) = positions.AxisFeatures(extents);
        var padding = _padding.Of(modality).detach().squeeze(0).to(CPU);
        var wide = nn.functional.pad(features, [0, padding.shape[0]]);
        return _decoder.Fold(output.Map, wide, cat([rest, padding.to(rest.dtype)]), extents);
    }

    /// <inheritdoc/>
    /// <returns>[batch, queries of all modalities, output channels].</returns>
    public override PerceiverDecoderOutput forward(Tensor? query, Tensor latents, bool outputAttentions = false) =>
        _decoder.forward(query, latents, outputAttentions);

    /// <inheritdoc/>
    internal override Tensor? LatentWeights(Tensor? query, Tensor latents) => _decoder.LatentWeights(query, latents);

    private Tensor Pad(string name, Tensor? query) =>
        _padding.Pad(name, query ?? throw new InvalidOperationException($"The decoder of the modality '{name}' makes no queries."));

    private IReadOnlyDictionary<string, Tensor>? Points(PerceiverInputs? subsampledPoints)
    {
        var points = subsampledPoints?.Modalities;
        _modalities.RequireKnown(points?.Keys ?? [], nameof(subsampledPoints));
        return points;
    }

    private static PerceiverInputs? PointsOf(IReadOnlyDictionary<string, Tensor>? points, string name) =>
        points is not null && points.TryGetValue(name, out var tensor) ? tensor : (PerceiverInputs?)null;
}
