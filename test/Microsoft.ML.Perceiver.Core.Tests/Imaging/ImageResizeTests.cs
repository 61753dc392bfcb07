using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>Crop and resize against <see cref="NaiveResize"/>.</summary>
[TestClass]
public sealed class ImageResizeTests
{
    private static readonly PerceiverImageProcessorOptions Bytes = new() { DoCenterCrop = false, DoRescale = false, DoNormalize = false };

    public static IEnumerable<object[]> Filters => Enum.GetValues<PerceiverResampling>().Select(r => new object[] { r });

    [TestMethod]
    [DynamicData(nameof(Filters))]
    public void Any_size_becomes_any_other(PerceiverResampling resampling)
    {
        var random = new Random(5);
        // With odd sizes no pixel lies just on the edge of another, where rounding decides between the two.
        int odd = resampling is PerceiverResampling.Nearest or PerceiverResampling.Box ? 1 : 0;
        for (int i = 0; i < 30; i++)
        {
            Check(
                random.Next(1, 60) | odd, random.Next(1, 60) | odd, new(random.Next(1, 45) | odd, random.Next(1, 45) | odd), resampling, i);
        }
    }

    [TestMethod]
    [DataRow(1, 1, 17, 5)]
    [DataRow(1, 10000, 3, 20)]
    [DataRow(10000, 1, 20, 3)]
    [DataRow(1, 10000, 1, 9999)]
    [DataRow(10000, 1, 1, 1)]
    [DataRow(40, 50, 1, 1)]
    [DataRow(33, 50, 33, 7)]
    [DataRow(33, 50, 7, 50)]
    [DataRow(2, 3, 300, 5)]
    public void Extreme_shapes_are_right(int height, int width, int outHeight, int outWidth)
    {
        // The naive way asks every pixel for every other, which is too slow for the longest with more than two filters.
        foreach (var resampling in new[] { PerceiverResampling.Nearest, PerceiverResampling.Bicubic, PerceiverResampling.Lanczos })
        {
            if ((long)width * outWidth < 10_000_000)
                Check(height, width, new(outHeight, outWidth), resampling, height);
            else
                CheckRange(height, width, new(outHeight, outWidth), resampling);
        }
    }

    [TestMethod]
    public void Between_two_pixels_the_nearest_is_that_of_Pillow_s_sum_of_steps()
    {
        // 17.5 * 44 / 35 is 22, but 35 steps of 44 / 35 in float64 stay below it there.
        byte[] row = Enumerable.Range(0, 44).SelectMany(i => new[] { (byte)i, (byte)i, (byte)i }).ToArray();
        var result = new PerceiverImageProcessor(
            Bytes with { Size = new(1, 35), Resample = PerceiverResampling.Nearest }).Process(new PerceiverImage(1, 44, 3, row));
        Assert.AreEqual(21f, result[0, 0, 0, 17].item<float>());
    }

    [TestMethod]
    [DataRow(10, 14, 24, 20, DisplayName = "padded on both axes, the excess even")]
    [DataRow(8, 13, 27, 20, DisplayName = "odd excess")]
    [DataRow(9, 30, 28, 16, DisplayName = "padded on one axis")]
    [DataRow(30, 9, 8, 23, DisplayName = "padded on the other axis")]
    [DataRow(30, 31, 8, 9, DisplayName = "cut")]
    [DataRow(5, 5, 100, 100, DisplayName = "mostly black")]
    public void The_crop_is_the_reference_s(int height, int width, int cropHeight, int cropWidth)
    {
        // The sizes' ratio gives just this crop.
        int shorter = Math.Min(height, width);
        var options = Bytes with { DoCenterCrop = true, Size = new(cropHeight, cropWidth), CropSize = new(shorter) };
        foreach (int channels in new[] { 1, 3, 4 })
        {
            byte[,,] image = NaiveResize.Random(height, width, channels, height * width);
            byte[,,] crop = NaiveResize.Crop(image, cropHeight, cropWidth);
            Compare(crop, Run(image, options with { DoResize = false }), channels, 0, "crop");
            foreach (var resampling in Enum.GetValues<PerceiverResampling>())
            {
                Compare(
                    NaiveResize.Resize(crop, cropHeight, cropWidth, resampling),
                    Run(image, options with { Resample = resampling }),
                    channels,
                    1,
                    $"{resampling}");
            }
        }
    }

    [TestMethod]
    public void A_crop_of_no_pixel_takes_the_middle_one()
    {
        byte[,,] image = NaiveResize.Random(1, 10000, 3, 3);
        var result = Run(image, Bytes with { DoCenterCrop = true });
        for (int c = 0; c < 3; c++)
            Assert.IsTrue((result[0, c] == image[0, 4999, c]).all().item<bool>());
        Assert.AreEqual((3, 1, 1), new PerceiverImageProcessor(Bytes with { DoCenterCrop = true, DoResize = false }).OutputShape(1, 1));
    }

    private static void Check(int height, int width, PerceiverImageSize size, PerceiverResampling resampling, int seed)
    {
        byte[,,] image = NaiveResize.Random(height, width, 3, seed);
        byte[,,] expected = NaiveResize.Resize(image, size.Height, size.Width, resampling);
        Compare(
            expected,
            Run(image, Bytes with { Size = size, Resample = resampling }),
            3,
            resampling == PerceiverResampling.Nearest ? 0 : 1,
            $"{height} x {width} to {size} {resampling}");
    }

    private static void CheckRange(int height, int width, PerceiverImageSize size, PerceiverResampling resampling)
    {
        byte[,,] image = new byte[height, width, 3];
        for (int i = 0; i < image.Length; i++)
            image[i / 3 / width, i / 3 % width, i % 3] = (byte)(7 * (i % 3) + 50);
        using var scope = NewDisposeScope();
        var result = Run(image, Bytes with { Size = size, Resample = resampling });
        for (int c = 0; c < 3; c++)
            Assert.IsTrue((result[0, c] == 7 * c + 50).all().item<bool>(), "an image of one colour keeps it");
    }

    private static Tensor Run(byte[,,] image, PerceiverImageProcessorOptions options) =>
        new PerceiverImageProcessor(options).Process(NaiveResize.ToImage(image));

    private static void Compare(byte[,,] expected, Tensor actual, int channels, int tolerance, string what)
    {
        CollectionAssert.AreEqual(new long[] { 1, 3, expected.GetLength(0), expected.GetLength(1) }, actual.shape, what);
        float[] values = actual.data<float>().ToArray();
        int plane = expected.GetLength(0) * expected.GetLength(1), differ = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int c = i / plane, y = i % plane / expected.GetLength(1), x = i % expected.GetLength(1);
            float difference = Math.Abs(values[i] - expected[y, x, channels == 1 ? 0 : c]);
            Assert.IsLessThanOrEqualTo(tolerance, difference, $"{what} at {c}, {y}, {x}");
            differ += difference > 0 ? 1 : 0;
        }

        // Only halves, which fixed point may round to the other side.
        Assert.IsLessThanOrEqualTo(Math.Max(3, values.Length / 12), differ, what);
    }
}
