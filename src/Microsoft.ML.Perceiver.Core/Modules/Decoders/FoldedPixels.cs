using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A <see cref="FoldedDecoder"/> for queries that are pixels with their positions. The position's part of a score is a sum of what the row
/// gives and what the column gives, so that only the pixel's own vector is multiplied for each pixel.
/// </summary>
internal sealed class FoldedPixels : IDisposable
{
    // The scores of a few rows stay in the processor's cache until they are used.
    private const long ScoreBytes = 1L << 20;
    private readonly FoldedDecoder _decoder;
    private readonly PixelGrid _grid;
    private readonly Tensor _queryWeight, _queryBias;   // float32 [keys' channels, channels] and [keys' channels]
    private readonly Tensor _values;                    // float32, as the decoder's
    private readonly Tensor _axes;                      // float32 [channels, rows + columns]

    /// <param name="decoder">The decoder; it is disposed with this object.</param>
    /// <param name="grid">The pixels; the caller disposes it.</param>
    internal FoldedPixels(FoldedDecoder decoder, PixelGrid grid)
    {
        (_decoder, _grid) = (decoder, grid);
        using var scope = NewDisposeScope();
        _axes = AxisSums.Single(cat([grid.Rows, grid.Columns], 0).t());
        (_queryWeight, _queryBias) = (AxisSums.Single(decoder.QueryWeight), AxisSums.Single(decoder.QueryBias));
        _values = AxisSums.Single(decoder.Values);
    }

    /// <summary>Decodes every pixel.</summary>
    /// <param name="vectors">The pixels' own vectors, float32 [batch, pixels, channels].</param>
    /// <param name="scales">As <see cref="PixelGrid.Scales"/> gives them.</param>
    /// <param name="latents">float32 [batch, latents, channels].</param>
    /// <returns>float32 [batch, pixels, output channels].</returns>
    internal Tensor Decode(Tensor vectors, Tensor scales, Tensor latents)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = _decoder.KeysAndValues(latents);
        keys = keys.Times(_decoder.Scale);
        var wanted = matmul(keys, _queryWeight);
        // The layer normalisation subtracts the query's mean; subtracting it on the keys' side gives the same scores.
        wanted = wanted - wanted.mean([2], keepdim: true);
        var positions = matmul(wanted, _axes).transpose(1, 2).contiguous();
        var own = wanted.narrow(2, 0, _grid.VectorChannels).transpose(1, 2).contiguous();
        var offsets = matmul(keys, _queryBias);
        var mapped = matmul(cat([values, ones(values.shape[0], values.shape[1], 1)], 2), _values);
        var output = empty(vectors.shape[0], vectors.shape[1], _decoder.OutputChannels);
        for (long i = 0; i < vectors.shape[0]; i++)
        {
            using var one = NewDisposeScope();
            var input = new Input(vectors[i], scales[i], positions[i], own[i], offsets[i], mapped[i]);
            DecodeOne(input, output[i]);
        }

        return output.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _queryWeight, _queryBias, _values, _axes })
            tensor.Dispose();
        _decoder.Dispose();
    }

    private void DecodeOne(Input input, Tensor output)
    {
        var byRow = input.Positions.narrow(0, 0, _grid.Height).unsqueeze(1);
        var byColumn = input.Positions.narrow(0, _grid.Height, _grid.Width);
        long rows = Math.Clamp(ScoreBytes / (sizeof(float) * _grid.Width * byColumn.shape[1]), 1, _grid.Height);
        for (long row = 0; row < _grid.Height; row += rows)
        {
            using var part = NewDisposeScope();
            long count = Math.Min(rows, _grid.Height - row), start = row * _grid.Width, pixels = count * _grid.Width;
            var sums = byRow.narrow(0, row, count).Plus(byColumn).flatten(0, 1);
            sums.addmm_(input.Vectors.narrow(0, start, pixels), input.Own, 1, 1);
            var scores = addcmul(input.Offsets, sums, input.Scales.narrow(0, start, pixels), Scalars.Kept(1));
            sums.Dispose();
            output.narrow(0, start, pixels).copy_(_decoder.Finish(scores, input.Values));
        }
    }

    /// <summary>What one image of a batch gives.</summary>
    /// <param name="Vectors">[pixels, vector channels].</param>
    /// <param name="Scales">[pixels, 1].</param>
    /// <param name="Positions">What each row and each column adds to the scores, [rows + columns, latents].</param>
    /// <param name="Own">The map from a pixel's own vector to its scores, [vector channels, latents].</param>
    /// <param name="Offsets">What is added to all pixels' scores, [latents].</param>
    /// <param name="Values">[latents, width].</param>
    private readonly record struct Input(Tensor Vectors, Tensor Scales, Tensor Positions, Tensor Own, Tensor Offsets, Tensor Values);
}
