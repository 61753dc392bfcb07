using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Keys and values of a cross-attention to pixels with positions. The layer normalisation's mean is subtracted on the weights' side, and
/// the position's part is computed once for all images, so that only the pixels' own vectors are multiplied.
/// </summary>
internal sealed class FoldedKeys : IDisposable
{
    private readonly PixelGrid _grid;
    private readonly Tensor _map;         // float32 [vector channels, outputs]
    private readonly Tensor _positions;   // float32 [pixels, outputs]
    private readonly Tensor _bias;        // float32 [outputs]
    private readonly long _keyChannels;

    /// <param name="norm">The normalisation of the inputs.</param>
    /// <param name="key">The keys' map.</param>
    /// <param name="value">The values' map.</param>
    /// <param name="grid">The pixels; the caller disposes it.</param>
    internal FoldedKeys(PerceiverLayerNorm norm, PerceiverLinear key, PerceiverLinear value, PixelGrid grid)
    {
        _grid = grid;
        _keyChannels = key.Bias.shape[0];
        using var scope = NewDisposeScope();
        var weight = AxisSums.Double(cat([key.Weight, value.Weight], 0));
        var bias = AxisSums.Double(cat([key.Bias, value.Bias], 0)).Plus(weight.mv(AxisSums.Double(norm.Bias)));
        var scaled = weight * AxisSums.Double(norm.Weight);
        scaled = scaled - scaled.mean([1], keepdim: true);
        var positions = AxisSums.Sum([matmul(grid.Rows, scaled.t()), matmul(grid.Columns, scaled.t())]);
        _map = AxisSums.Single(scaled.narrow(1, 0, grid.VectorChannels).t());
        _positions = AxisSums.Single(positions);
        _bias = AxisSums.Single(bias);
    }

    /// <summary>Keys and values, float32 [batch, pixels, channels] each.</summary>
    /// <param name="vectors">The pixels' own vectors, float32 [batch, pixels, vector channels].</param>
    /// <param name="scales">As <see cref="PixelGrid.Scales"/> gives them.</param>
    internal (Tensor Keys, Tensor Values) Apply(Tensor vectors, Tensor scales)
    {
        var both = empty(vectors.shape[0], vectors.shape[1], _bias.shape[0]);
        // One image at a time, which stays in the processor's cache.
        for (long i = 0; i < vectors.shape[0]; i++)
        {
            using var one = NewDisposeScope();
            both[i].copy_(addcmul(_bias, addmm(_positions, vectors[i], _map, 1, 1), scales[i], Scalars.Kept(1)));
        }

        return (both.narrow(2, 0, _keyChannels), both.narrow(2, _keyChannels, both.shape[2] - _keyChannels));
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _map, _positions, _bias })
            tensor.Dispose();
    }
}
