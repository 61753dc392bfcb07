namespace Microsoft.ML.Perceiver;

/// <content>The decoder in a graph.</content>
public sealed partial class PerceiverBasicDecoder
{
    /// <inheritdoc/>
    internal override OnnxValue QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null) =>
        QueryToOnnx(builder, inputs, points, ExtentsOf(inputs, points));

    /// <summary>
    /// As <see cref="QueryToOnnx(OnnxBuilder, OnnxPreprocessed, OnnxInputs?)"/>, with extents that the enclosing decoder knows.
    /// </summary>
    internal OnnxValue QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points, IReadOnlyList<long> extents)
    {
        var positions = points is { } some && _trainable is null
            ? builder.Unsqueeze(QueryAtToOnnx(builder, some.Value), 0)
            : _positions.GridToOnnx(builder, extents);
        if (!_options.ConcatPreprocessedInput)
            return positions;
        var repeated = inputs.WithoutPositions
            ?? throw new ArgumentException("This decoder repeats the preprocessed input, but there is none without positions.");
        return builder.Concat(-1, repeated, builder.Expand(positions, repeated[0], positions[1], positions[2]));
    }

    /// <summary>As <see cref="QueryAt"/>, in a graph.</summary>
    internal OnnxValue QueryAtToOnnx(OnnxBuilder builder, OnnxValue indices) =>
        _positions.AtToOnnx(builder, indices, _options.OutputIndexDims);

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (_attention is null)
            throw new InvalidOperationException("This decoder only encodes positions; it has no output.");
        var output = _attention.ToOnnx(builder, query, latents);
        return _final?.ToOnnx(builder, output) ?? output;
    }

    /// <inheritdoc/>
    internal override OnnxDimension QueryCountToOnnx(OnnxValue? points) => _trainable?.Positions ?? base.QueryCountToOnnx(points);

    // Trainable positions have extents of their own, and points those of the options.
    private long[] ExtentsOf(OnnxPreprocessed inputs, OnnxInputs? points)
    {
        if (_trainable is not null || points is not null)
            return [];
        OnnxDimension[] extents = [.. inputs.Inputs.Shape.Skip(2)];
        return [.. extents.Select(d => d.IsKnown
            ? d.Factor
            : throw new NotSupportedException($"A grid of Fourier positions has one size in a graph; here an extent is '{d}'."))];
    }
}
