namespace Microsoft.ML.Perceiver;

/// <summary>Joins the flow of tiles: the mean of all tiles of a pixel, weighted by its distance from their borders.</summary>
internal sealed class TileBlend
{
    private readonly TileGrid _rows, _columns;
    private readonly int _tileHeight, _tileWidth;
    private readonly PerceiverFlowField _sum;

    internal TileBlend(TileGrid rows, TileGrid columns, int height, int width, int tileHeight, int tileWidth)
    {
        (_rows, _columns, _tileHeight, _tileWidth) = (rows, columns, tileHeight, tileWidth);
        _sum = new PerceiverFlowField(height, width);
    }

    /// <summary>Adds a tile.</summary>
    /// <param name="top">Its first row.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="motions">Its flow.</param>
    internal void Add(int top, int left, ReadOnlySpan<float> motions)
    {
        for (int y = 0; y < _tileHeight; y++)
        {
            int down = _rows.Weight(top, top + y);
            int from = y * _tileWidth * PerceiverFlowField.Components, to = ((top + y) * _sum.Width + left) * PerceiverFlowField.Components;
            for (int x = 0; x < _tileWidth; x++, from += PerceiverFlowField.Components, to += PerceiverFlowField.Components)
            {
                int weight = Math.Min(down, _columns.Weight(left, left + x));
                _sum.Values[to] += weight * motions[from];
                _sum.Values[to + 1] += weight * motions[from + 1];
            }
        }
    }

    /// <summary>The blended flow.</summary>
    /// <exception cref="InvalidOperationException">A pixel is in no tile.</exception>
    internal PerceiverFlowField Finish()
    {
        // The sums of the weights are computed from the grid, so that they need no memory.
        Parallel.For(0, _sum.Height, y =>
        {
            var tops = _rows.Covering(y);
            for (int x = 0; x < _sum.Width; x++)
            {
                int weights = 0;
                foreach (int left in _columns.Covering(x))
                {
                    int across = _columns.Weight(left, x);
                    foreach (int top in tops)
                        weights += Math.Min(across, _rows.Weight(top, y));
                }

                if (weights <= 0)
                    throw new InvalidOperationException($"The pixel in row {y}, column {x} is in no tile.");
                int at = (y * _sum.Width + x) * PerceiverFlowField.Components;
                _sum.Values[at] /= weights;
                _sum.Values[at + 1] /= weights;
            }
        });
        return _sum;
    }
}
