using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Flow between frames of any size. Tiles of the size that the model was trained at are blended where they overlap, each weighted by a
/// pixel's distance from its border, as the original authors do. Frames smaller than a tile are enlarged to it, and the flow is scaled
/// back.
/// </summary>
/// <remarks>Several threads may use one predictor.</remarks>
public sealed class PerceiverOpticalFlowPredictor
{
    private readonly PerceiverForOpticalFlow _model;
    private readonly PerceiverOpticalFlowPredictorOptions _options;
    private readonly int _tileHeight, _tileWidth, _tilesAtOnce;

    /// <summary>Makes a predictor.</summary>
    /// <param name="model">The model; the caller disposes it.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range, or does not fit the model.</exception>
    public PerceiverOpticalFlowPredictor(PerceiverForOpticalFlow model, PerceiverOpticalFlowPredictorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _options = options ?? new PerceiverOpticalFlowPredictorOptions();
        _options.Validate();
        _model = model;
        (_tileHeight, _tileWidth) = (model.Config.TrainSize[0], model.Config.TrainSize[1]);
        if (_options.MinOverlap >= Math.Min(_tileHeight, _tileWidth))
        {
            throw new ArgumentException(
                $"The overlap of {_options.MinOverlap} pixels must be below the model's {_tileHeight} x {_tileWidth}.", nameof(options));
        }

        long pixels = InputBudget.Of(model.Config, model.Perceiver.InputPreprocessor!.NumChannels, _options.MaxMemoryBytes);
        _tilesAtOnce = (int)Math.Clamp(pixels / ((long)_tileHeight * _tileWidth), 1, _options.BatchSize);
    }

    /// <summary>Finds the motion of every pixel of the first frame.</summary>
    /// <param name="first">The first frame.</param>
    /// <param name="second">The second, of the same size.</param>
    /// <param name="progress">Gets the share that is done, up to 1, after each batch of tiles; null for no reports.</param>
    /// <param name="cancellation">Checked between batches of tiles.</param>
    /// <returns>The flow in pixels of these frames.</returns>
    /// <exception cref="ArgumentException">The frames differ in size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PerceiverFlowField Predict(
        PerceiverImage first, PerceiverImage second, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if ((first.Height, first.Width) != (second.Height, second.Width))
        {
            throw new ArgumentException(
                $"The first frame has {first.Height} x {first.Width} pixels, the second {second.Height} x {second.Width}.", nameof(second));
        }

        if ((long)first.Height * first.Width * PerceiverFlowField.Components > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Frames of {first.Height} x {first.Width} pixels are too large for the flow to fit into an array.", nameof(first));
        }

        PerceiverFlowField? flow = null;
        var steps = new FlowSteps(progress, StepsOf(first.Height, first.Width), cancellation);
        for (int level = Levels(first.Height, first.Width) - 1; level >= 0; level--)
        {
            int height = Math.Max(1, first.Height >> level), width = Math.Max(1, first.Width >> level);
            var (from, to) = (PlaneResizer.Resize(first, height, width), PlaneResizer.Resize(second, height, width));
            flow = AtLevel(from, to, flow is null ? null : FlowScaling.Resize(flow, height, width), steps);
        }

        return flow!;
    }

    /// <summary>As <see cref="Predict"/> for several pairs; where all frames have the size of a tile they share forward passes.</summary>
    internal PerceiverFlowField[] PredictBatch(
        IReadOnlyList<(PerceiverImage First, PerceiverImage Second)> pairs, CancellationToken cancellation)
    {
        if (_options.Refinements > 0 || !pairs.All(p => IsTile(p.First) && IsTile(p.Second)))
            return [.. pairs.Select(p => Predict(p.First, p.Second, progress: null, cancellation))];
        var flows = new List<PerceiverFlowField>();
        foreach (var batch in pairs.Chunk(_tilesAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            using var motions = Run([.. batch.Select(p => new Tile(RgbPlanes.Of(p.First), RgbPlanes.Of(p.Second), 0, 0))]);
            for (int i = 0; i < batch.Length; i++)
                flows.Add(new PerceiverFlowField(_tileHeight, _tileWidth, MotionsOf(motions, i).ToArray()));
        }

        return [.. flows];
    }

    private bool IsTile(PerceiverImage frame) => (frame.Height, frame.Width) == (_tileHeight, _tileWidth);

    /// <summary>The number of pyramid levels for frames of a size; the coarsest has at least one tile.</summary>
    private int Levels(int height, int width)
    {
        int levels = 1;
        while (levels < _options.PyramidLevels && height >> levels >= _tileHeight && width >> levels >= _tileWidth)
            levels++;
        return levels;
    }

    /// <summary>The number of batches of tiles for frames of a size, at all levels.</summary>
    private int StepsOf(int height, int width)
    {
        int steps = 0;
        for (int level = Levels(height, width) - 1; level >= 0; level--)
        {
            var (rows, columns) = Grids(Math.Max(height >> level, _tileHeight), Math.Max(width >> level, _tileWidth));
            int tiles = rows.Starts.Length * columns.Starts.Length;
            steps += (1 + _options.Refinements) * BatchesOf(tiles);
        }

        return steps;
    }

    private int BatchesOf(int tiles) => (tiles + _tilesAtOnce - 1) / _tilesAtOnce;

    private (TileGrid Rows, TileGrid Columns) Grids(int height, int width) =>
        (new(height, _tileHeight, _options.MinOverlap), new(width, _tileWidth, _options.MinOverlap));

    /// <summary>
    /// The flow of frames of one size of the pyramid: that of the size before, if any, plus the motion that remains after the second frame
    /// is warped back by it, and again for each refinement.
    /// </summary>
    private PerceiverFlowField AtLevel(PerceiverImage first, PerceiverImage second, PerceiverFlowField? before, FlowSteps steps)
    {
        var flow = before;
        PerceiverFlowField? found = null;
        for (int pass = 0; pass <= _options.Refinements; pass++)
        {
            // Where the flow leads out of the frame the warped frame is the first one, so that the flow stays as it is.
            var warped = flow is null ? second : PerceiverFlowWarp.Backward(second, flow, first);
            found = OfOneSize(first, warped, found, steps);
            flow = flow is null ? found : Sum(flow, found);
        }

        return flow!;
    }

    private static PerceiverFlowField Sum(PerceiverFlowField one, PerceiverFlowField other)
    {
        var sum = new PerceiverFlowField(one.Height, one.Width);
        for (int i = 0; i < sum.Values.Length; i++)
            sum.Values[i] = one.Values[i] + other.Values[i];
        return sum;
    }

    /// <summary>The flow at the frames' own size, or a tile's where they are smaller.</summary>
    /// <param name="first">The first frame.</param>
    /// <param name="second">The second.</param>
    /// <param name="last">What the pass before found in the same frames; null for a first pass.</param>
    /// <param name="steps">The progress.</param>
    private PerceiverFlowField OfOneSize(PerceiverImage first, PerceiverImage second, PerceiverFlowField? last, FlowSteps steps)
    {
        int height = Math.Max(first.Height, _tileHeight), width = Math.Max(first.Width, _tileWidth);
        bool isEnlarged = (height, width) != (first.Height, first.Width);
        var (from, to) = (PlaneResizer.Resize(first, height, width), PlaneResizer.Resize(second, height, width));
        var flow = OfTiles(from, to, isEnlarged ? null : last, steps);
        return FlowScaling.Resize(flow, first.Height, first.Width);
    }

    private PerceiverFlowField OfTiles(PerceiverImage first, PerceiverImage second, PerceiverFlowField? last, FlowSteps steps)
    {
        var (rows, columns) = Grids(first.Height, first.Width);
        var tiles = new List<Tile>();
        foreach (int y in rows.Starts)
        {
            foreach (int x in columns.Starts)
                tiles.Add(new Tile(first, second, y, x));
        }

        int planned = BatchesOf(tiles.Count);
        if (last is not null)
            tiles.RemoveAll(tile => MeanLength(last, tile) <= _options.RefinementThreshold);
        steps.Skip(planned - BatchesOf(tiles.Count));
        // A single tile is not blended, which would round.
        if (tiles.Count == 1 && rows.Starts.Length * columns.Starts.Length == 1)
        {
            using var only = steps.Do(() => Run([tiles[0]]));
            return new PerceiverFlowField(first.Height, first.Width, MotionsOf(only, 0).ToArray());
        }

        var blend = new TileBlend(rows, columns, first.Height, first.Width, _tileHeight, _tileWidth);
        foreach (var batch in tiles.Chunk(_tilesAtOnce))
        {
            using var motions = steps.Do(() => Run(batch));
            for (int i = 0; i < batch.Length; i++)
                blend.Add(batch[i].Y, batch[i].X, MotionsOf(motions, i));
        }

        return blend.Finish();
    }

    /// <summary>The motions of some tiles in pixels, float32 [tiles, height, width, 2] on the CPU.</summary>
    private Tensor Run(Tile[] tiles) => InferenceScope.Run(() =>
    {
        // A tensor's memory is released at once: thousands of tiles would leave as many arrays for the garbage collector.
        var pixels = empty([tiles.Length, PerceiverForOpticalFlow.Frames, RgbPlanes.Channels, _tileHeight, _tileWidth], ScalarType.Float32);
        int frame = RgbPlanes.Channels * _tileHeight * _tileWidth;
        Parallel.For(0, tiles.Length * PerceiverForOpticalFlow.Frames, i =>
        {
            var tile = tiles[i / 2];
            var target = MemoryMarshal.Cast<byte, float>(pixels.bytes).Slice(i * frame, frame);
            FramePixels.Write(i % 2 == 0 ? tile.First : tile.Second, tile.Y, tile.X, _tileHeight, _tileWidth, target);
        });
        var patches = PerceiverOpticalFlowProcessor.Patches(pixels.to(_model.WeightType, _model.Device));
        var logits = _model.forward(patches, outputAttentions: false, outputHiddenStates: false).Logits;
        return logits.to(ScalarType.Float32).Times(_options.FlowScale).contiguous().cpu().MoveToOuterDisposeScope();
    });

    /// <summary>The mean length of the motions in a tile, in pixels.</summary>
    private double MeanLength(PerceiverFlowField flow, Tile tile)
    {
        double sum = 0;
        for (int y = tile.Y; y < tile.Y + _tileHeight; y++)
        {
            int start = (y * flow.Width + tile.X) * PerceiverFlowField.Components;
            var row = flow.Values.AsSpan(start, _tileWidth * PerceiverFlowField.Components);
            for (int i = 0; i < row.Length; i += PerceiverFlowField.Components)
                sum += Math.Sqrt(row[i] * row[i] + row[i + 1] * row[i + 1]);
        }

        return sum / ((double)_tileHeight * _tileWidth);
    }

    /// <summary>The motions of one tile.</summary>
    private ReadOnlySpan<float> MotionsOf(Tensor motions, int tile)
    {
        int length = _tileHeight * _tileWidth * PerceiverFlowField.Components;
        return MemoryMarshal.Cast<byte, float>(motions.bytes).Slice(tile * length, length);
    }

    /// <summary>A tile of a pair of frames in planes.</summary>
    private readonly record struct Tile(PerceiverImage First, PerceiverImage Second, int Y, int X);
}
