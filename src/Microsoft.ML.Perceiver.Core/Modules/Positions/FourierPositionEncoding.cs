using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Sines and cosines of positions (reference class <c>PerceiverFourierPositionEncoding</c> and <c>generate_fourier_features</c>; appendix D
/// of the Perceiver paper). It has no parameters.
/// </summary>
internal sealed partial class FourierPositionEncoding : IDisposable
{
    // Images come in one size, or in few; the grids of further sizes are computed at each call.
    private const int MostKept = 4;
    private readonly PerceiverFourierPositionOptions _settings;
    private readonly Dictionary<string, Tensor> _kept = new(StringComparer.Ordinal);

    internal FourierPositionEncoding(PerceiverFourierPositionOptions settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.NumBands);
        if (settings.MaxResolution.Count == 0 || settings.MaxResolution.Any(r => r <= 0))
        {
            throw new ArgumentException(
                $"The resolutions of Fourier positions are [{string.Join(", ", settings.MaxResolution)}]; they need positive extents.");
        }

        _settings = settings;
    }

    internal int OutputChannels => _settings.OutputChannels;

    /// <summary>As <see cref="Grid"/>, computed once for each grid, number format and device.</summary>
    /// <returns>A handle that the caller disposes; its numbers must not be changed.</returns>
    internal Tensor CachedGrid(IReadOnlyList<long> indexDims, ScalarType type, Device device)
    {
        string key = $"{string.Join('x', indexDims)} {type} {device}";
        lock (_kept)
        {
            if (_kept.TryGetValue(key, out var kept))
                return kept.alias();
            // The tensor may take part in a backward pass later, which tensors of inference mode cannot.
            using var normalMode = inference_mode(false);
            using var gradients = no_grad();
            using var scope = NewDisposeScope();
            var grid = Grid(indexDims).to(type, device);
            if (_kept.Count < MostKept)
            {
                _kept[key] = grid.DetachFromDisposeScope();
                return grid.alias().MoveToOuterDisposeScope();
            }

            return grid.MoveToOuterDisposeScope();
        }
    }

    /// <summary>
    /// What each axis adds to the encoding of a grid's points, and the constant rest, computed once.
    /// </summary>
    /// <param name="extents">The grid's extents.</param>
    /// <param name="withEndPoints">Whether the points are linspace(-1, 1), or else at -1 + 2 * index / extent.</param>
    /// <returns>
    /// float32 [points of all axes, channels] and [channels], handles that the caller disposes; their numbers must not be changed.
    /// </returns>
    internal (Tensor Features, Tensor Base) CachedAxes(long[] extents, bool withEndPoints)
    {
        lock (_kept)
        {
            string key = $"axes {string.Join('x', extents)} {withEndPoints}";
            if (!_kept.TryGetValue(key, out var kept))
            {
                using var normalMode = inference_mode(false);
                using var gradients = no_grad();
                using var scope = NewDisposeScope();
                kept = Axes(extents, withEndPoints).DetachFromDisposeScope();
                _kept[key] = kept;
            }

            long points = extents.Sum();
            return (kept.narrow(0, 0, points), kept[points]);
        }
    }

    // The encoding of a point in the middle of all axes but one differs from that of the middle only in the channels of that axis.
    private Tensor Axes(long[] extents, bool withEndPoints)
    {
        var positions = zeros(extents.Sum() + 1, extents.Length, ScalarType.Float32);
        long start = 0;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long n = extents[axis];
            positions.narrow(0, start, n).select(1, axis).copy_(Points(n, withEndPoints));
            start += n;
        }

        var encoded = At(positions);
        encoded.narrow(0, 0, start).sub_(encoded[start]);
        return encoded;
    }

    private static Tensor Points(long count, bool withEndPoints) => withEndPoints
        ? linspace(-1, 1, count, ScalarType.Float32)
        : TensorNumbers.Indices(count, ScalarType.Float32).Times(2).Over(count).Minus(1);

    private Tensor Bands(int resolution) => linspace(1.0, resolution / 2.0, _settings.NumBands, ScalarType.Float32);

    public void Dispose()
    {
        lock (_kept)
        {
            foreach (var grid in _kept.Values)
                grid.Dispose();
            _kept.Clear();
        }
    }

    /// <summary>The encoding of a whole grid, [positions, channels], the last axis running fastest.</summary>
    /// <param name="indexDims">The grid's extents, as many as there are resolutions.</param>
    internal Tensor Grid(IReadOnlyList<long> indexDims)
    {
        CheckAxes(indexDims.Count);
        using var scope = NewDisposeScope();
        var axes = indexDims.Select(n => linspace(-1, 1, n, ScalarType.Float32)).ToArray();
        var grids = meshgrid(axes, indexing: "ij");
        return At(stack(grids.Select(g => g.reshape(-1)), 1)).MoveToOuterDisposeScope();
    }

    /// <summary>The encoding of given positions, [positions, channels].</summary>
    /// <param name="positions">float32 [positions, axes] in [-1, 1].</param>
    internal Tensor At(Tensor positions)
    {
        CheckAxes((int)positions.shape[1]);
        using var scope = NewDisposeScope();
        var bands = stack(_settings.MaxResolution.Select(Bands), 0).to(positions.device);
        var angles = (positions.unsqueeze(-1) * bands.unsqueeze(0)).flatten(1).mul_(Scalars.Kept(Math.PI));
        List<Tensor> features = _settings.ConcatPosition ? [positions] : [];
        features.Add(angles.sin());
        if (!_settings.SineOnly)
            features.Add(angles.cos());
        return cat(features, -1).MoveToOuterDisposeScope();
    }

    private void CheckAxes(int count)
    {
        if (count != _settings.MaxResolution.Count)
            throw new ArgumentException($"The positions have {count} axes, the Fourier encoding {_settings.MaxResolution.Count}.");
    }
}
