using Microsoft.ML.Perceiver.Tests.Heads;

namespace Microsoft.ML.Perceiver.Tests.Imaging.Flow;

/// <summary>Metrics, warping and the colour wheel.</summary>
[TestClass]
public sealed class FlowToolTests
{
    [TestMethod]
    public void Metrics_are_over_known_pixels()
    {
        var truth = new PerceiverFlowField(1, 4, [0, 0, 100, 0, float.NaN, 0, 2e9f, 2e9f]);
        // 5 beside 0 is an outlier; 4 beside 100 is within its twentieth.
        var flow = new PerceiverFlowField(1, 4, [3, 4, 104, 0, 50, 50, 7, 7]);
        var metrics = PerceiverOpticalFlowMetrics.Compare(flow, truth);
        Assert.AreEqual(2, metrics.Pixels);
        Assert.AreEqual(4.5, metrics.EndPointError, 1e-9);
        Assert.AreEqual(50, metrics.FlAll, 1e-9);
        var sum = PerceiverOpticalFlowMetrics.Sum(
            [metrics, PerceiverOpticalFlowMetrics.Compare(new PerceiverFlowField(1, 2), new PerceiverFlowField(1, 2))]);
        Assert.AreEqual((4L, 2.25, 25.0), (sum.Pixels, sum.EndPointError, sum.FlAll));
        Assert.IsTrue(double.IsNaN(PerceiverOpticalFlowMetrics.Sum([]).EndPointError));
    }

    [TestMethod]
    public void Three_pixels_are_no_outlier_yet()
    {
        var metrics = PerceiverOpticalFlowMetrics.Compare(new PerceiverFlowField(1, 2, [3, 0, 3.01f, 0]), new PerceiverFlowField(1, 2));
        Assert.AreEqual(50, metrics.FlAll);
    }

    [TestMethod]
    public void What_cannot_be_compared_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(
            () => PerceiverOpticalFlowMetrics.Compare(new PerceiverFlowField(2, 3), new PerceiverFlowField(3, 2)));
        var unknown = new PerceiverFlowField(2, 2);
        unknown[1, 0] = (float.NaN, 0);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => PerceiverOpticalFlowMetrics.Compare(unknown, new PerceiverFlowField(2, 2))).Message,
            "row 1, column 0");
        Assert.AreEqual(3, PerceiverOpticalFlowMetrics.Compare(new PerceiverFlowField(2, 2), unknown).Pixels);
    }

    [TestMethod]
    public void A_flow_has_as_many_numbers_as_its_size_says()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverFlowField(2, 3, new float[11]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverFlowField(0, 3));
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverFlowField(100000, 100000));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverFlowField(2, 3)[2, 0]);
    }

    [TestMethod]
    public void Warping_by_whole_pixels_moves_them()
    {
        var image = TinyFlow.Image(6, 8, 1);
        var flow = new PerceiverFlowField(6, 8, [.. Enumerable.Range(0, 48).SelectMany(_ => new[] { 2f, -1f })]);
        var moved = PerceiverFlowWarp.Backward(image, flow);
        var planes = RgbPlanes.Of(image);
        for (int y = 0; y < 6; y++)
        {
            for (int x = 0; x < 8; x++)
            {
                for (int c = 0; c < 3; c++)
                {
                    int expected = x + 2 < 8 && y - 1 >= 0 ? planes.Pixels.Span[(c * 6 + y - 1) * 8 + x + 2] : 0;
                    Assert.AreEqual(expected, moved.Pixels.Span[(c * 6 + y) * 8 + x]);
                }
            }
        }
    }

    [TestMethod]
    public void Warping_interpolates_and_takes_what_it_lacks_from_elsewhere()
    {
        var image = new PerceiverImage(1, 3, 1, new byte[] { 0, 100, 200 });
        var other = new PerceiverImage(1, 3, 1, new byte[] { 7, 8, 9 });
        var moved = PerceiverFlowWarp.Backward(image, new PerceiverFlowField(1, 3, [0.5f, 0, float.NaN, 0, 1, 0]), other);
        CollectionAssert.AreEqual(new byte[] { 50, 8, 9 }, moved.Pixels.ToArray()[..3]);
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverFlowWarp.Backward(image, new PerceiverFlowField(2, 3)));
    }

    [TestMethod]
    public void Planes_of_every_kind_of_image_are_its_colours()
    {
        byte[] rgb = [1, 2, 3, 4, 5, 6];
        byte[] expected = [1, 4, 2, 5, 3, 6];
        CollectionAssert.AreEqual(expected, RgbPlanes.Of(new PerceiverImage(1, 2, 3, rgb)).Pixels.ToArray());
        CollectionAssert.AreEqual(
            expected, RgbPlanes.Of(new PerceiverImage(1, 2, 3, new byte[] { 3, 2, 1, 6, 5, 4 }) { BlueFirst = true }).Pixels.ToArray());
        CollectionAssert.AreEqual(
            expected, RgbPlanes.Of(new PerceiverImage(1, 2, 4, new byte[] { 1, 2, 3, 9, 4, 5, 6, 9 })).Pixels.ToArray());
        CollectionAssert.AreEqual(
            expected, RgbPlanes.Of(new PerceiverImage(1, 2, 3, expected, PerceiverImageLayout.ChannelsFirst)).Pixels.ToArray());
        CollectionAssert.AreEqual(
            new byte[] { 7, 8, 7, 8, 7, 8 }, RgbPlanes.Of(new PerceiverImage(1, 2, 1, new byte[] { 7, 8 })).Pixels.ToArray());
    }

    [TestMethod]
    public void The_wheel_is_Middleburys()
    {
        // Known colours of the wheel: right is red, left cyan, up and down lie between; at rest white, unknown black.
        var flow = new PerceiverFlowField(1, 6, [1, 0, -1, 0, 0, 1, 0, -1, 0, 0, float.NaN, 0]);
        byte[] pixels = PerceiverFlowColors.Paint(flow, 1).Pixels.ToArray();
        (int R, int G, int B) At(int i) => (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]);
        Assert.AreEqual((255, 0, 0), At(0));
        Assert.IsTrue(At(1) is { R: < 10, G: > 200, B: > 200 }, At(1).ToString());
        Assert.IsTrue(At(2) is { R: > 200, G: > 200, B: < 40 }, At(2).ToString());
        Assert.IsTrue(At(3) is { R: < 160, G: < 60, B: > 200 }, At(3).ToString());
        Assert.AreEqual((255, 255, 255), At(4));
        Assert.AreEqual((0, 0, 0), At(5));
    }

    [TestMethod]
    public void The_longest_motion_has_the_full_colour_where_none_is_given()
    {
        var flow = new PerceiverFlowField(1, 2, [4, 0, 2, 0]);
        byte[] pixels = PerceiverFlowColors.Paint(flow).Pixels.ToArray();
        CollectionAssert.AreEqual(new byte[] { 255, 0, 0, 255, 127, 127 }, pixels);
        Assert.AreEqual(4, PerceiverFlowColors.Longest(flow));
        CollectionAssert.AreEqual(new byte[] { 255, 255, 255 }, PerceiverFlowColors.Paint(new PerceiverFlowField(1, 1)).Pixels.ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverFlowColors.Paint(flow, 0));
    }

    [TestMethod]
    public void The_wheel_shows_where_each_colour_goes()
    {
        const int radius = 20, side = 2 * radius + 1;
        var wheel = PerceiverFlowColors.PaintWheel(radius);
        Assert.AreEqual((side, side), (wheel.Height, wheel.Width));
        byte[] At(int x, int y) => wheel.Pixels.Slice(3 * ((y + radius) * side + x + radius), 3).ToArray();
        foreach (var (x, y) in new[] { (20, 0), (0, -20), (-7, 11), (3, 2) })
        {
            var expected = PerceiverFlowColors.Paint(new PerceiverFlowField(1, 1, [x, y]), radius);
            CollectionAssert.AreEqual(expected.Pixels.ToArray(), At(x, y));
        }

        CollectionAssert.AreEqual(new byte[] { 255, 255, 255 }, At(0, 0));
        CollectionAssert.AreEqual(new byte[] { 255, 255, 255 }, At(-20, -20));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverFlowColors.PaintWheel(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverFlowColors.PaintWheel(5000));
    }

    [TestMethod]
    public void Noise_between_equal_frames_is_nearly_white()
    {
        var noise = new PerceiverFlowField(1, 4, [0.08f, 0, -0.05f, 0.03f, 0, -0.06f, float.NaN, 0]);
        Assert.AreEqual(1, PerceiverFlowColors.ScaleOf(noise));
        byte[] pixels = PerceiverFlowColors.Paint(noise).Pixels.ToArray();
        Assert.IsTrue(pixels.Take(9).All(v => v >= 230), string.Join(' ', pixels));
    }

    [TestMethod]
    public void The_longest_motion_is_never_darker_than_the_scale()
    {
        var random = new Random(1);
        var lengths = Enumerable.Range(0, 2000).Select(_ => (X: 20 * random.NextSingle() - 10, Y: 20 * random.NextSingle() - 10));
        foreach (var (x, y) in lengths.Prepend((7.25f, 6f)))
        {
            byte[] alone = PerceiverFlowColors.Paint(new PerceiverFlowField(1, 1, [x, y])).Pixels.ToArray();
            byte[] shorter = PerceiverFlowColors.Paint(
                new PerceiverFlowField(1, 1, [x, y]), 1.0001 * Math.Max(1, Math.Sqrt(x * x + y * y))).Pixels.ToArray();
            for (int c = 0; c < 3; c++)
                Assert.AreEqual(shorter[c], alone[c], 1f, $"({x}, {y})");
        }
    }
}
