using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Sines and cosines of positions (reference class <c>PerceiverFourierPositionEncoding</c> and <c>generate_fourier_features</c>; appendix D
/// of the Perceiver paper). It has no parameters.
/// </summary>
internal sealed class FourierPositionEncoding
{
    private readonly FourierPositions _settings;

    internal FourierPositionEncoding(FourierPositions settings)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.NumBands);
        if (settings.MaxResolution.Count == 0 || settings.MaxResolution.Any(r => r <= 0))
            throw new ArgumentException($"The resolutions of Fourier positions are [{string.Join(", ", settings.MaxResolution)}]; they need positive extents.");
        _settings = settings;
    }

    internal int OutputChannels => _settings.OutputChannels;

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
        var bands = stack(_settings.MaxResolution.Select(r => linspace(1.0, r / 2.0, _settings.NumBands, ScalarType.Float32)), 0).to(positions.device);
        var angles = (positions.unsqueeze(-1) * bands.unsqueeze(0)).flatten(1).mul_(Math.PI);
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
