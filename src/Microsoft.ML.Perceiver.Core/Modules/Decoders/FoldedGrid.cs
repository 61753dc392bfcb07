using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The output of a <see cref="FoldedDecoder"/> for one input, row by row of its grid.</summary>
internal sealed class FoldedGrid
{
    private const double Epsilon = 1e-5;
    private readonly FoldedDecoder _decoder;
    private readonly Tensor _rowScores;     // [rows, 1, latents]: of all axes but the last
    private readonly Tensor _columnScores;  // [columns, latents]
    private readonly Tensor _offset;        // [latents]
    private readonly Tensor _scale;         // [rows, columns, 1]: of the queries' layer normalisation
    private readonly Tensor _values;        // [latents, width]

    internal FoldedGrid(FoldedDecoder decoder, (Tensor Keys, Tensor Values) latents, Tensor features, Tensor rest, long[] extents)
    {
        _decoder = decoder;
        using var scope = NewDisposeScope();
        var device = latents.Keys.device;
        var keys = AxisSums.Double(latents.Keys).Times(decoder.Scale);
        var wanted = matmul(keys, decoder.QueryWeight);
        // The layer normalisation subtracts the query's mean; subtracting it on the keys' side gives the same scores.
        wanted = wanted - wanted.mean([1], keepdim: true);
        var scores = AxisSums.Axes(matmul(features, wanted.t()), extents);
        var rows = AxisSums.Sum(scores.AsSpan(0, scores.Length - 1)).Plus(wanted.mv(rest));
        _rowScores = Single(rows, device).view(-1, 1, wanted.shape[0]).MoveToOuterDisposeScope();
        _columnScores = Single(scores[^1], device).MoveToOuterDisposeScope();
        _offset = Single(keys.mv(decoder.QueryBias), device).MoveToOuterDisposeScope();
        _scale = Single(Scales(features, rest, extents), device).view(_rowScores.shape[0], -1, 1).MoveToOuterDisposeScope();
        var values = AxisSums.Double(latents.Values);
        var withOne = cat([values, ones(values.shape[0], 1, ScalarType.Float64)], 1);
        _values = decoder.Factor(matmul(withOne, decoder.Values)).MoveToOuterDisposeScope();
    }

    /// <summary>Rows of the grid: all axes but the last.</summary>
    internal int Rows => (int)_rowScores.shape[0];

    /// <summary>The memory that a row needs while it is computed.</summary>
    internal long BytesPerRow
    {
        get
        {
            long columns = _columnScores.shape[0], hidden = _decoder.HiddenBias.shape[0];
            long latents = _values.shape[0], width = _values.shape[1];
            return sizeof(float) * columns * (2 * latents + 2 * width + 2 * hidden + _decoder.OutputChannels);
        }
    }

    /// <summary>Computes whole rows, float32 [count * columns, output channels].</summary>
    internal Tensor Decode(int row, int count)
    {
        using var scope = NewDisposeScope();
        var sums = _rowScores.narrow(0, row, count).Plus(_columnScores);
        var scores = addcmul(_offset, sums, _scale.narrow(0, row, count), Scalars.Kept(1)).flatten(0, 1);
        sums.Dispose();
        return _decoder.Finish(scores, _values).MoveToOuterDisposeScope();
    }

    /// <summary>One over each query's standard deviation.</summary>
    private static Tensor Scales(Tensor features, Tensor rest, long[] extents)
    {
        double channels = rest.shape[0];
        var (sums, squares) = AxisSums.Moments(features, rest, extents);
        return (squares.Over(channels) - sums.Over(channels).Squared()).Plus(Epsilon).rsqrt();
    }

    private static Tensor Single(Tensor x, Device device) => x.to(ScalarType.Float32, device).contiguous();
}
