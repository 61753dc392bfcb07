using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <content>
/// Fourier positions in a graph. What an axis gives to a point is a table over the axis, so that the file has no row for each point of the
/// grid, and the numbers are libtorch's.
/// </content>
internal sealed partial class FourierPositionEncoding
{
    /// <summary>As <see cref="Grid"/>, in a graph: [1, positions, channels].</summary>
    internal OnnxValue GridToOnnx(OnnxBuilder builder, IReadOnlyList<long> extents)
    {
        CheckAxes(extents.Count);
        OnnxDimension[] grid = [.. extents.Select(n => (OnnxDimension)n)];
        var parts = Tables(builder, extents, withEndPoints: true).Select(table =>
        {
            // The table's axis in its place among axes of one entry.
            OnnxDimension[] own = [.. grid.Select((n, axis) => axis == table.Axis ? n : 1), table.Values[1]];
            return builder.Expand(builder.Reshape(table.Values, own), [.. grid, table.Values[1]]);
        });
        var joined = builder.Concat(-1, [.. parts]);
        return builder.Reshape(joined, 1, extents.Aggregate(1L, (a, b) => a * b), OutputChannels);
    }

    /// <summary>The encoding of single points of a grid without its end points, in a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="indices">Indices into the flattened grid.</param>
    /// <param name="extents">The grid's extents.</param>
    /// <returns>[indices' shape, channels].</returns>
    internal OnnxValue AtToOnnx(OnnxBuilder builder, OnnxValue indices, IReadOnlyList<long> extents)
    {
        CheckAxes(extents.Count);
        var axes = new OnnxValue[extents.Count];
        var remaining = indices;
        for (int axis = extents.Count - 1; axis >= 0; axis--)
        {
            axes[axis] = builder.Remainder(remaining, builder.Integer(extents[axis]));
            remaining = builder.Divide(remaining, builder.Integer(extents[axis]));
        }

        var tables = Tables(builder, extents, withEndPoints: false);
        return builder.Concat(-1, [.. tables.Select(table => builder.Gather(table.Values, axes[table.Axis]))]);
    }

    /// <summary>As <see cref="At"/>, in a graph, for rows of positions.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="positions">[batch, positions, axes] from -1 to 1.</param>
    /// <returns>[batch, positions, channels].</returns>
    internal OnnxValue CoordinatesToOnnx(OnnxBuilder builder, OnnxValue positions)
    {
        int axes = _settings.MaxResolution.Count;
        using var scope = NewDisposeScope();
        var bands = builder.Table("fourier_bands", stack(_settings.MaxResolution.Select(Bands), 0));
        var products = builder.Multiply(builder.Unsqueeze(positions, 3), bands);
        var angles = builder.Multiply(products, builder.Scalar(Math.PI));
        angles = builder.Reshape(angles, positions[0], positions[1], axes * _settings.NumBands);
        List<OnnxValue> features = _settings.ConcatPosition ? [positions] : [];
        features.Add(builder.Sine(angles));
        if (!_settings.SineOnly)
            features.Add(builder.Cosine(angles));
        return builder.Concat(-1, [.. features]);
    }

    // In the order of the channels: positions, sines and cosines, each of all axes.
    private List<(int Axis, OnnxValue Values)> Tables(OnnxBuilder builder, IReadOnlyList<long> extents, bool withEndPoints)
    {
        using var scope = NewDisposeScope();
        var points = extents.Select(n => Points(n, withEndPoints).unsqueeze(-1)).ToArray();
        var angles = points
            .Select((p, axis) => (p * Bands(_settings.MaxResolution[axis]).unsqueeze(0)).mul_(Scalars.Kept(Math.PI)))
            .ToArray();
        var tables = new List<(int, OnnxValue)>();
        if (_settings.ConcatPosition)
            Add("positions", points);
        Add("sines", [.. angles.Select(a => a.sin())]);
        if (!_settings.SineOnly)
            Add("cosines", [.. angles.Select(a => a.cos())]);
        return tables;

        void Add(string name, Tensor[] axes) =>
            tables.AddRange(axes.Select((table, axis) => (axis, builder.Table($"fourier_{name}.{axis}", table))));
    }
}
