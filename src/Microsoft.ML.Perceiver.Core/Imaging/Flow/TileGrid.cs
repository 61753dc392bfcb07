namespace Microsoft.ML.Perceiver;

/// <summary>
/// Where the tiles of one axis begin: a tile's length less the overlap apart, the last one flush with the end, so that every pixel is in one
/// at least.
/// </summary>
internal sealed class TileGrid
{
    private readonly int[] _starts;
    private readonly int _tile, _step;

    /// <param name="length">Pixels of the axis, as many as a tile has at least.</param>
    /// <param name="tile">Pixels of a tile.</param>
    /// <param name="minOverlap">The fewest pixels that neighbours share.</param>
    internal TileGrid(int length, int tile, int minOverlap)
    {
        if (minOverlap >= tile)
            throw new ArgumentException($"Tiles of {tile} pixels cannot overlap by {minOverlap}.", nameof(minOverlap));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, tile);
        _tile = tile;
        _step = tile - minOverlap;
        int count = (length - tile + _step - 1) / _step + 1;
        _starts = [.. Enumerable.Range(0, count).Select(i => Math.Min(i * _step, length - tile))];
    }

    /// <summary>The tiles' first pixels.</summary>
    internal ReadOnlySpan<int> Starts => _starts;

    /// <summary>How much a tile's pixel counts against other tiles' by this axis: the more, the farther it is from the tile's border.</summary>
    internal int Weight(int start, int pixel) => Math.Min(pixel - start + 1, start + _tile - pixel);

    /// <summary>The tiles that a pixel is in.</summary>
    internal ReadOnlySpan<int> Covering(int pixel)
    {
        // All but the last begin at multiples of the step; the last has whatever none of them reaches.
        int first = pixel < _tile ? 0 : Math.Min((pixel - _tile) / _step + 1, _starts.Length - 1);
        int end = first + 1;
        while (end < _starts.Length && _starts[end] <= pixel)
            end++;
        return Starts[first..end];
    }
}
