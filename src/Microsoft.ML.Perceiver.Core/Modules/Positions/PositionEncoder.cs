using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The positions of a grid as a part's options say: trainable or Fourier, projected or not (the reference's
/// <c>build_position_encoding</c>). Its modules are registered by the part that owns it, as their names in a checkpoint differ from part to
/// part.
/// </summary>
internal sealed class PositionEncoder : IDisposable
{
    private readonly FourierPositionEncoding? _fourier;

    /// <exception cref="ArgumentException">The settings of the kind are missing.</exception>
    internal PositionEncoder(PerceiverPositionEncodingOptions options)
    {
        const string missing = "need their settings";
        Kind = options.Kind;
        switch (options.Kind)
        {
            case PerceiverPositionEncodingKind.Trainable:
                var trainable = options.Trainable ?? throw new ArgumentException($"Trainable positions {missing}.", nameof(options));
                Trainable = new TrainablePositionEncoding(trainable);
                (Channels, Axes) = (trainable.NumChannels, trainable.IndexDims.Count);
                break;
            case PerceiverPositionEncodingKind.Fourier:
                var fourier = options.Fourier ?? throw new ArgumentException($"Fourier positions {missing}.", nameof(options));
                _fourier = new FourierPositionEncoding(fourier);
                (Channels, Axes) = (fourier.OutputChannels, fourier.MaxResolution.Count);
                break;
            default:
                return;
        }

        if (options.ProjectPositionChannels <= 0)
            return;
        Projection = new PerceiverLinear(options.OutChannels ?? Channels, options.ProjectPositionChannels);
        Channels = options.ProjectPositionChannels;
    }

    internal PerceiverPositionEncodingKind Kind { get; }

    /// <summary>Trainable positions; null for other kinds.</summary>
    internal TrainablePositionEncoding? Trainable { get; }

    /// <summary>The projection; null for none.</summary>
    internal PerceiverLinear? Projection { get; }

    /// <summary>Width of a position, projected where it is.</summary>
    internal int Channels { get; }

    /// <summary>Axes of the positions, as their settings have them.</summary>
    internal int Axes { get; }

    /// <summary>The positions of a whole grid, [1, positions, channels].</summary>
    /// <param name="indexDims">The grid's extents; trainable positions have their own.</param>
    /// <param name="type">The number format of the vectors they are combined with.</param>
    /// <param name="device">The device of those vectors.</param>
    internal Tensor Grid(IReadOnlyList<long> indexDims, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var encoded = Trainable is not null ? Trainable.forward() : Fourier.CachedGrid(indexDims, type, device).unsqueeze(0);
        return Project(encoded).MoveToOuterDisposeScope();
    }

    /// <summary>Trainable positions stretched over a grid of another size, [1, positions, channels].</summary>
    /// <param name="height">The grid's height.</param>
    /// <param name="width">The grid's width.</param>
    internal Tensor Interpolated(long height, long width)
    {
        using var scope = NewDisposeScope();
        return Project(Trainable!.Interpolate(height, width)).MoveToOuterDisposeScope();
    }

    /// <summary>The positions of single points, [indices' shape, channels].</summary>
    /// <param name="indices">int64 indices into the flattened grid.</param>
    /// <param name="extents">The grid's extents; trainable positions have their own.</param>
    /// <param name="type">The number format of the vectors they are combined with.</param>
    internal Tensor At(Tensor indices, IReadOnlyList<int>? extents, ScalarType type)
    {
        using var scope = NewDisposeScope();
        if (Trainable is not null)
            return Project(Trainable.At(indices)).MoveToOuterDisposeScope();
        if (extents is null)
            throw new InvalidOperationException("Points of a Fourier decoder need its output_index_dims.");
        var remaining = indices.reshape(-1);
        var axes = new Tensor[extents.Count];
        for (int axis = extents.Count - 1; axis >= 0; axis--)
        {
            axes[axis] = remaining.remainder(Scalars.Kept(extents[axis])).to(ScalarType.Float32).Times(2).Over(extents[axis]).Minus(1);
            remaining = remaining.div(Scalars.Kept(extents[axis]), RoundingMode.floor);
        }

        var encoded = Fourier.At(stack(axes, 1)).view([.. indices.shape, -1]);
        return Project(encoded.to(type)).MoveToOuterDisposeScope();
    }

    /// <summary>The Fourier positions of coordinates, [batch, points, channels].</summary>
    /// <param name="coordinates">float32 [batch, points, axes] from -1 to 1.</param>
    /// <param name="type">The number format of the vectors they are combined with.</param>
    internal Tensor AtCoordinates(Tensor coordinates, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var encoded = Fourier.At(coordinates.flatten(0, 1)).view(coordinates.shape[0], coordinates.shape[1], -1);
        return Project(encoded.to(type)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A grid of Fourier points as <see cref="At"/> encodes it, or <see cref="Grid"/>, as a sum: each point's encoding is a constant plus
    /// what each of its axes adds, and different axes add to different channels.
    /// </summary>
    /// <param name="extents">The grid's extents.</param>
    /// <param name="withEndPoints">Whether the points are those of <see cref="Grid"/>.</param>
    /// <returns>float32 [points of all axes, one after another, channels] and [channels], both computed once.</returns>
    internal (Tensor Features, Tensor Base) AxisFeatures(long[] extents, bool withEndPoints)
    {
        if (Projection is not null)
            throw new InvalidOperationException("Projected positions are no sum over their axes.");
        return Fourier.CachedAxes(extents, withEndPoints);
    }

    /// <summary>As <see cref="Grid"/>, in a graph.</summary>
    internal OnnxValue GridToOnnx(OnnxBuilder builder, IReadOnlyList<long> extents) =>
        ProjectToOnnx(builder, Trainable is not null ? Trainable.ToOnnx(builder) : Fourier.GridToOnnx(builder, extents));

    /// <summary>As <see cref="Interpolated"/>, in a graph: the positions of one size, which the graph has as a table.</summary>
    internal OnnxValue InterpolatedToOnnx(OnnxBuilder builder, long height, long width)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var positions = Trainable!.Interpolate(height, width).to(ScalarType.Float32, CPU).contiguous();
        return ProjectToOnnx(builder, builder.Table("interpolated_positions", positions));
    }

    /// <summary>As <see cref="At"/>, in a graph.</summary>
    internal OnnxValue AtToOnnx(OnnxBuilder builder, OnnxValue indices, IReadOnlyList<int>? extents)
    {
        if (Trainable is not null)
            return ProjectToOnnx(builder, Trainable.AtToOnnx(builder, indices));
        if (extents is null)
            throw new InvalidOperationException("Points of a Fourier decoder need its output_index_dims.");
        return ProjectToOnnx(builder, Fourier.AtToOnnx(builder, indices, [.. extents.Select(n => (long)n)]));
    }

    /// <summary>As <see cref="AtCoordinates"/>, in a graph.</summary>
    internal OnnxValue AtCoordinatesToOnnx(OnnxBuilder builder, OnnxValue coordinates) =>
        ProjectToOnnx(builder, Fourier.CoordinatesToOnnx(builder, coordinates));

    /// <summary>As <see cref="Combine"/>, in a graph.</summary>
    internal static OnnxValue CombineToOnnx(
        OnnxBuilder builder, OnnxValue vectors, OnnxValue positions, PerceiverPositionCombination combination) =>
        combination == PerceiverPositionCombination.Concat
            ? builder.Concat(-1, vectors, builder.Expand(positions, vectors[0], positions[1], positions[2]))
            : builder.Plus(vectors, positions);

    /// <summary>Combines vectors with their positions.</summary>
    /// <param name="vectors">[batch, positions, channels].</param>
    /// <param name="positions">[1, positions, channels].</param>
    /// <param name="combination">How.</param>
    /// <exception cref="ArgumentException">The widths cannot be added.</exception>
    internal static Tensor Combine(Tensor vectors, Tensor positions, PerceiverPositionCombination combination)
    {
        if (combination == PerceiverPositionCombination.Concat)
            return cat([vectors, positions.expand(vectors.shape[0], -1, -1)], -1);
        return vectors.shape[^1] == positions.shape[^1] || vectors.shape[^1] == 1
            ? vectors.Plus(positions)
            : throw new ArgumentException(
                $"Positions of {positions.shape[^1]} channels cannot be added to vectors of {vectors.shape[^1]}.");
    }

    private FourierPositionEncoding Fourier =>
        _fourier ?? throw new InvalidOperationException("A decoder without position encoding has no queries of its own.");

    private OnnxValue ProjectToOnnx(OnnxBuilder builder, OnnxValue encoded) => Projection?.ToOnnx(builder, encoded) ?? encoded;

    private Tensor Project(Tensor encoded) => Projection is null ? encoded : Projection.forward(encoded);

    /// <summary>Releases the cached encodings. The modules belong to the part that registered them.</summary>
    public void Dispose() => _fourier?.Dispose();
}
