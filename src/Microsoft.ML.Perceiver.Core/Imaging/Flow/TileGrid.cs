namespace Microsoft.ML.Perceiver;

/// <summary>
/// The first pixels of the tiles along one axis. Their distance is a tile's length minus the overlap, and the last tile ends at the last
/// pixel, so that every pixel is in at least one.
/// </summary>
internal sealed class TileGrid
{
    private readonly int[] _starts;
    private readonly int _tile, _step;

    /// <param name="length">Pixels of the axis, at least those of a tile.</param>
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

    /// <summary>The weight of a tile at a pixel along this axis: the distance from the tile's border.</summary>
    internal int Weight(int start, int pixel) => Math.Min(pixel - start + 1, start + _tile - pixel);

    /// <summary>The tiles that a pixel is in.</summary>
    internal ReadOnlySpan<int> Covering(int pixel)
    {
        // All tiles but the last begin at multiples of the step; the last covers the remaining pixels.
        int first = pixel < _tile ? 0 : Math.Min((pixel - _tile) / _step + 1, _starts.Length - 1);
        int end = first + 1;
        while (end < _starts.Length && _starts[end] <= pixel)
            end++;
        return Starts[first..end];
    }
}
