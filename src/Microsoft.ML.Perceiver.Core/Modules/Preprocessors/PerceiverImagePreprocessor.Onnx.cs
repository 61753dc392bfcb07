namespace Microsoft.ML.Perceiver;

/// <content>The preprocessor in a graph, whose images have one size.</content>
public sealed partial class PerceiverImagePreprocessor
{
    /// <inheritdoc/>
    internal override OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents, string? name = null)
    {
        int frames = FramesOf(extents.Frames);
        OnnxDimension[] pixels = [_options.InChannels, extents.Height, extents.Width];
        return frames == 1
            ? builder.Input(name ?? "pixel_values", OnnxElement.Float, ["batch", .. pixels])
            : builder.Input(name ?? "inputs", OnnxElement.Float, ["batch", frames, .. pixels]);
    }

    /// <summary>Whether its input in a graph is what an image processor makes of one image.</summary>
    internal bool ReadsOneColourImage => ReadsColourImages && _positions.Axes != 3 && FramesOf(1) == 1;

    /// <inheritdoc/>
    internal override OnnxPreprocessed ToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var (vectors, positions) = PartsToOnnx(builder, inputs.Value);
        return new OnnxPreprocessed(PositionEncoder.CombineToOnnx(builder, vectors, positions, _options.PositionCombination), vectors);
    }

    /// <summary>Some of the vectors of images, in a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="pixels">The images.</param>
    /// <param name="points">Indices into the flattened positions, [points].</param>
    /// <returns>[batch, points, <see cref="NumChannels"/>].</returns>
    internal OnnxValue AtToOnnx(OnnxBuilder builder, OnnxValue pixels, OnnxValue points)
    {
        var (vectors, positions) = PartsToOnnx(builder, pixels);
        return PositionEncoder.CombineToOnnx(
            builder, builder.Gather(vectors, points, 1), builder.Gather(positions, points, 1), _options.PositionCombination);
    }

    private int FramesOf(int video) => _positions.Axes == 3 ? video : _options.TemporalDownsample;

    private (OnnxValue Vectors, OnnxValue Positions) PartsToOnnx(OnnxBuilder builder, OnnxValue pixels)
    {
        var grid = GridToOnnx(builder, pixels);
        long[] extents = [.. grid.Shape.Skip(1).SkipLast(1).Select(d => d.Factor)];
        long count = extents.Aggregate(1L, (a, b) => a * b);
        var positions = _trainable is null || _trainable.Positions == count
            ? _positions.GridToOnnx(builder, extents)
            : extents.Length == 2
                ? _positions.InterpolatedToOnnx(builder, extents[0], extents[1])
                : throw new ArgumentException($"The input has {count} positions; the trained ones are {_trainable.Positions}.");
        return (builder.Reshape(grid, grid[0], count, grid[-1]), positions);
    }

    private OnnxValue GridToOnnx(OnnxBuilder builder, OnnxValue pixels)
    {
        int every = _options.SpatialDownsample;
        switch (_options.PrepType)
        {
            case PerceiverImagePrepType.Patches:
                var patches = SpaceToDepth.ToOnnx(builder, pixels, every, _options.TemporalDownsample);
                if (patches.Rank == 5 && patches[1].Is(1))
                    patches = builder.Squeeze(patches, 1);
                return _afterPatches?.ToOnnx(builder, patches) ?? patches;
            case PerceiverImagePrepType.Pixels when pixels.Rank == 5:
                var frames = builder.Every(pixels, 1, _options.TemporalDownsample);
                return builder.Transpose(builder.Every(builder.Every(frames, 3, every), 4, every), 0, 1, 3, 4, 2);
            case PerceiverImagePrepType.Pixels:
                // The batch and the channels, as in the reference.
                return builder.Transpose(builder.Every(builder.Every(pixels, 0, every), 1, every), 0, 2, 3, 1);
            default:
                var convolved = _convolution?.ToOnnx(builder, pixels) ?? _pixelwise!.ToOnnx(builder, pixels);
                return builder.Transpose(convolved, 0, 2, 3, 1);
        }
    }
}
