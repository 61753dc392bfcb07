namespace Microsoft.ML.Perceiver.Tests.Imaging.Flow;

/// <summary>The tiles that large frames are cut into.</summary>
[TestClass]
public sealed class TileTests
{
    [TestMethod]
    public void Every_pixel_is_covered_and_neighbours_overlap()
    {
        foreach (var (tile, overlap) in new[] { (8, 0), (8, 3), (8, 7), (32, 20), (368, 20) })
        {
            for (int length = tile; length < 5 * tile; length += 1 + tile / 9)
            {
                var grid = new TileGrid(length, tile, overlap);
                int[] starts = grid.Starts.ToArray();
                Assert.AreEqual(0, starts[0]);
                Assert.AreEqual(length - tile, starts[^1]);
                for (int i = 1; i < starts.Length; i++)
                {
                    Assert.IsGreaterThan(starts[i - 1], starts[i]);
                    Assert.IsGreaterThanOrEqualTo(overlap, starts[i - 1] + tile - starts[i]);
                }

                for (int pixel = 0; pixel < length; pixel++)
                {
                    CollectionAssert.AreEqual(
                        starts.Where(s => s <= pixel && pixel < s + tile).ToArray(),
                        grid.Covering(pixel).ToArray(),
                        $"{tile} {overlap} {length} {pixel}");
                }
            }
        }
    }

    [TestMethod]
    public void No_more_tiles_are_made_than_needed()
    {
        Assert.AreEqual(1, new TileGrid(8, 8, 3).Starts.Length);
        Assert.AreEqual(2, new TileGrid(13, 8, 3).Starts.Length);
        Assert.AreEqual(3, new TileGrid(14, 8, 3).Starts.Length);
    }

    [TestMethod]
    public void Tiles_cannot_overlap_whole() => Assert.ThrowsExactly<ArgumentException>(() => new TileGrid(20, 8, 8));

    [TestMethod]
    [DataRow(32, 48, 32, 48)]
    [DataRow(33, 101, 32, 48)]
    [DataRow(100, 60, 32, 48)]
    public void A_constant_flow_stays_constant(int height, int width, int tileHeight, int tileWidth)
    {
        var flow = Blend(height, width, tileHeight, tileWidth, (_, _, _, _) => (1.3f, -2.7f));
        for (int i = 0; i < flow.Values.Length; i++)
            Assert.AreEqual(i % 2 == 0 ? 1.3f : -2.7f, flow.Values[i], 1e-6f);
    }

    [TestMethod]
    public void A_tile_counts_the_more_the_farther_its_border_is()
    {
        // Two tiles of 8 x 8 on 8 x 12 pixels; the first says 0, the second 1.
        var flow = Blend(8, 12, 8, 8, (_, left, _, _) => (left == 0 ? 0 : 1, 0), overlap: 4);
        for (int y = 0; y < 8; y++)
        {
            for (int x = 0; x < 12; x++)
            {
                int first = x < 8 ? Math.Min(Math.Min(x + 1, 8 - x), Math.Min(y + 1, 8 - y)) : 0;
                int second = x >= 4 ? Math.Min(Math.Min(x - 3, 12 - x), Math.Min(y + 1, 8 - y)) : 0;
                Assert.AreEqual(second / (float)(first + second), flow[y, x].U, 1e-6f, $"{y} {x}");
            }
        }
    }

    private static PerceiverFlowField Blend(
        int height, int width, int tileHeight, int tileWidth, Func<int, int, int, int, (float U, float V)> motion, int overlap = 20)
    {
        var (rows, columns) = (new TileGrid(height, tileHeight, overlap), new TileGrid(width, tileWidth, overlap));
        var blend = new TileBlend(rows, columns, height, width, tileHeight, tileWidth);
        foreach (int top in rows.Starts)
        {
            foreach (int left in columns.Starts)
            {
                float[] motions = new float[tileHeight * tileWidth * 2];
                for (int y = 0; y < tileHeight; y++)
                {
                    for (int x = 0; x < tileWidth; x++)
                        (motions[2 * (y * tileWidth + x)], motions[2 * (y * tileWidth + x) + 1]) = motion(top, left, y, x);
                }

                blend.Add(top, left, motions);
            }
        }

        return blend.Finish();
    }
}
