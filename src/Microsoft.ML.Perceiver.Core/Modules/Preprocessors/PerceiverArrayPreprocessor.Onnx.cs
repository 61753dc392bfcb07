using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <content>The preprocessor in a graph. The first axis may be shorter there too, unless it is cut into patches.</content>
public sealed partial class PerceiverArrayPreprocessor
{
    /// <inheritdoc/>
    internal override OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents, string? name = null)
    {
        var shape = _settings.InputShape;
        if (_settings.HasCoordinates)
        {
            return new OnnxInputs(null, new Dictionary<string, OnnxValue>
            {
                [Values] = builder.Input(Values, OnnxElement.Float, "batch", "points", _settings.InputChannels),
                [Coordinates] = builder.Input(Coordinates, OnnxElement.Float, "batch", "points", _positions.Axes),
            });
        }

        OnnxDimension first = _settings.PatchOrOne[0] == 1 ? "length" : shape[0];
        OnnxDimension[] rest = [.. shape.Skip(1).Select(n => (OnnxDimension)n)];
        return builder.Input(name ?? "inputs", OnnxElement.Float, ["batch", first, .. rest, _settings.InputChannels]);
    }

    /// <inheritdoc/>
    internal override OnnxPreprocessed ToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var values = _settings.HasCoordinates ? inputs.Of(Values) : inputs.Value;
        var vectors = PatchesToOnnx(builder, StandardiseToOnnx(builder, values));
        vectors = _numbers?.ToOnnx(builder, vectors) ?? _projection?.ToOnnx(builder, vectors) ?? vectors;
        var positions = _settings.HasCoordinates
            ? _positions.AtCoordinatesToOnnx(builder, inputs.Of(Coordinates))
            : builder.Narrow(_positions.GridToOnnx(builder, [.. _settings.VectorShape.Select(n => (long)n)]), 1, 0, vectors[1]);
        var combined = PositionEncoder.CombineToOnnx(builder, vectors, positions, PerceiverPositionCombination.Concat);
        return new OnnxPreprocessed(combined, vectors);
    }

    private OnnxValue StandardiseToOnnx(OnnxBuilder builder, OnnxValue values)
    {
        if (_settings.Means is not { } means)
            return values;
        return builder.Divide(builder.Minus(values, Numbers("means", means)), Numbers("deviations", _settings.Deviations!));

        OnnxValue Numbers(string name, IReadOnlyList<double> numbers)
        {
            if (numbers.Count == _settings.InputChannels)
                return builder.Floats(numbers);
            long[] shape = [.. _settings.InputShape, _settings.InputChannels];
            return builder.Narrow(builder.Table(name, tensor(numbers.ToArray(), ScalarType.Float32).view(shape)), 0, 0, values[1]);
        }
    }

    // As Patches.
    private OnnxValue PatchesToOnnx(OnnxBuilder builder, OnnxValue values)
    {
        var patch = _settings.PatchOrOne;
        int axes = patch.Count;
        var apart = values;
        if (patch.Any(p => p != 1))
        {
            List<OnnxDimension> split = [values[0]];
            for (int axis = 0; axis < axes; axis++)
            {
                var extent = values[axis + 1];
                split.AddRange([patch[axis] == 1 ? extent : extent.Factor / patch[axis], patch[axis]]);
            }

            int[] order = [0, .. Enumerable.Range(0, axes).Select(i => 1 + 2 * i), .. Enumerable.Range(0, axes).Select(i => 2 + 2 * i)];
            apart = builder.Transpose(builder.Reshape(values, [.. split, _settings.InputChannels]), [.. order, 2 * axes + 1]);
        }

        var count = apart.Shape.Skip(1).Take(axes).Aggregate((OnnxDimension)1, (product, extent) => product * extent);
        return builder.Reshape(apart, values[0], count, _settings.VectorWidth);
    }
}
