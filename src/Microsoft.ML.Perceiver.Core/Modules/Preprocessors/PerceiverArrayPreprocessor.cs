using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Turns an array of one to three axes, or points with coordinates, into vectors with positions: standardised, cut into patches,
/// projected, and followed by their positions (keys <c>projection</c> and <c>position_embeddings</c>). The reference has no such class.
/// </summary>
public sealed partial class PerceiverArrayPreprocessor : PerceiverPreprocessor
{
    /// <summary>The name of the numbers among the inputs of points with coordinates.</summary>
    public const string Values = "values";

    /// <summary>The name of the coordinates among the inputs of points with coordinates.</summary>
    public const string Coordinates = "coordinates";

    [ComponentName(Name = "projection")] private readonly PerceiverLinear? _projection;
    [ComponentName(Name = "number_projection")] private readonly PiecewiseProjection? _numbers;
    [ComponentName(Name = "position_embeddings")] private readonly TrainablePositionEncoding? _trainable;
    private readonly PerceiverArraySettings _settings;
    private readonly PositionEncoder _positions;

    /// <summary>Makes a preprocessor.</summary>
    /// <param name="settings">Its settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="settings"/> is null.</exception>
    /// <exception cref="ArgumentException">Settings are out of range or do not fit each other.</exception>
    public PerceiverArrayPreprocessor(PerceiverArraySettings settings) : base(nameof(PerceiverArrayPreprocessor))
    {
        ArgumentNullException.ThrowIfNull(settings);
        PerceiverArrayChecks.Check(settings);
        _settings = settings;
        _positions = new PositionEncoder(settings.Positions == PerceiverArraySettings.Trainable
            ? PerceiverPositionEncodingOptions.ForTrainable(settings.PositionChannels, settings.VectorShape)
            : PerceiverPositionEncodingOptions.ForFourier(GridOptions(settings)));
        _trainable = _positions.Trainable;
        if (settings.ProjectedChannels is { } projected)
        {
            if (settings.Bins is { } bins)
                _numbers = new PiecewiseProjection(bins, projected);
            else
                _projection = new PerceiverLinear(settings.VectorWidth, projected);
        }

        NumChannels = (settings.ProjectedChannels ?? settings.VectorWidth) + _positions.Channels;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumChannels { get; }

    /// <summary>The number format of the vectors; null for that of the numbers that come in.</summary>
    internal Func<ScalarType>? VectorType { get; set; }

    /// <summary>Turns arrays into vectors, one for each patch, the last axis running fastest.</summary>
    /// <param name="inputs">
    /// Floats [batch, axes..., channels], where the first axis may be shorter than the settings say. Points are two tensors by name:
    /// <see cref="Values"/>, [batch, points, channels], and <see cref="Coordinates"/>, floats [batch, points, coordinates] from -1 to 1.
    /// </param>
    /// <returns>[batch, vectors, <see cref="NumChannels"/>], and the vectors without positions.</returns>
    /// <exception cref="ArgumentException">A tensor has another shape or type, or a coordinate is not from -1 to 1.</exception>
    public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs)
    {
        var values = _settings.HasCoordinates ? Named(inputs, Values) : inputs.Tensor;
        RequireShape(values);
        using var scope = NewDisposeScope();
        var vectors = Patches(Standardise(values));
        vectors = Project(vectors, VectorType?.Invoke() ?? values.dtype);
        var positions = _settings.HasCoordinates ? At(Named(inputs, Coordinates), vectors) : PlacesOf(vectors);
        var result = PositionEncoder.Combine(vectors, positions, PerceiverPositionCombination.Concat);
        return new PerceiverPreprocessedInputs(result.MoveToOuterDisposeScope(), vectors.MoveToOuterDisposeScope());
    }

    // Bins are found before the numbers are rounded.
    private Tensor Project(Tensor vectors, ScalarType type)
    {
        if (_numbers is not null)
            return _numbers.forward(vectors);
        vectors = vectors.to(type);
        return _projection is null ? vectors : _projection.forward(vectors);
    }

    /// <summary>The input vectors of arrays.</summary>
    /// <param name="shape">The shape of the arrays, [batch, axes..., channels].</param>
    /// <returns>All vectors of a row, and those along the first axis.</returns>
    internal (long All, long First) VectorsOf(ReadOnlySpan<long> shape)
    {
        long first = shape[1] / _settings.PatchOrOne[0];
        return (first * (_settings.Vectors / _settings.VectorShape[0]), first);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _positions.Dispose();
        base.Dispose(disposing);
    }

    // Places in an array have its own resolutions, whatever those of coordinates that are asked for.
    private static PerceiverFourierPositionOptions GridOptions(PerceiverArraySettings settings) =>
        new(settings.NumBands, settings.HasCoordinates ? settings.Resolutions : settings.VectorShape);

    private static Tensor Named(PerceiverInputs inputs, string name) => inputs.Modalities.TryGetValue(name, out var tensor)
        ? tensor
        : throw new ArgumentException($"The inputs of points need the two tensors '{Values}' and '{Coordinates}'; there is no '{name}'.");

    private Tensor At(Tensor coordinates, Tensor vectors)
    {
        ArrayCoordinates.Require(coordinates, "coordinates of the inputs", [vectors.shape[0], vectors.shape[1], _positions.Axes]);
        return _positions.AtCoordinates(coordinates.to(ScalarType.Float32, vectors.device), vectors.dtype);
    }

    // The first places of the whole array, however short this one is.
    private Tensor PlacesOf(Tensor vectors)
    {
        long[] extents = [.. _settings.VectorShape.Select(n => (long)n)];
        return _positions.Grid(extents, vectors.dtype, vectors.device).narrow(1, 0, vectors.shape[1]);
    }

    private void RequireShape(Tensor values)
    {
        var (shape, patch) = (_settings.InputShape, _settings.PatchOrOne);
        long[] found = values.shape;
        bool fits = found.Length == shape.Count + 2 && found[^1] == _settings.InputChannels
            && found[1] > 0 && found[1] <= shape[0] && found[1] % patch[0] == 0;
        for (int axis = 1; fits && axis < shape.Count; axis++)
            fits = found[axis + 1] == shape[axis];
        if (!fits)
        {
            string whole = patch[0] == 1 ? "" : $", a multiple of {patch[0]}";
            string first = _settings.HasCoordinates ? "points" : "length";
            string needed = string.Join(", ", shape.Skip(1).Append(_settings.InputChannels));
            throw new ArgumentException(
                $"The inputs have the shape [{string.Join(", ", found)}]; they need [batch, {first}, {needed}], "
                + $"the second number from 1 to {shape[0]}{whole}.",
                nameof(values));
        }

        if (!values.is_floating_point())
            throw new ArgumentException($"The inputs are of type {values.dtype}; they need to be floats.", nameof(values));
    }

    // Before the numbers are rounded to the weights' format, which may have few digits beside a large mean.
    private Tensor Standardise(Tensor values)
    {
        if (_settings.Means is not { } means)
            return values;
        var shape = means.Count == _settings.InputChannels ? [means.Count] : _settings.InputShape.Select(n => (long)n).Append(-1).ToArray();
        return (values - Numbers(means)) / Numbers(_settings.Deviations!);

        Tensor Numbers(IReadOnlyList<double> numbers)
        {
            var all = tensor(numbers.ToArray(), ScalarType.Float32, values.device).view(shape);
            return shape.Length == 1 ? all : all.narrow(0, 0, values.shape[1]);
        }
    }

    // [batch, a x p, b x q, channels] to [batch, a x b, p x q x channels].
    private Tensor Patches(Tensor values)
    {
        var patch = _settings.PatchOrOne;
        int axes = patch.Count;
        long batch = values.shape[0];
        if (patch.All(p => p == 1))
            return values.reshape(batch, -1, _settings.InputChannels);
        List<long> split = [batch], order = [0];
        for (int axis = 0; axis < axes; axis++)
            split.AddRange([values.shape[axis + 1] / patch[axis], patch[axis]]);
        order.AddRange(Enumerable.Range(0, axes).Select(axis => 1L + 2 * axis));
        order.AddRange(Enumerable.Range(0, axes).Select(axis => 2L + 2 * axis));
        var apart = values.reshape([.. split, _settings.InputChannels]);
        return apart.permute([.. order, 2L * axes + 1]).reshape(batch, -1, _settings.VectorWidth);
    }
}
