using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Imaging;

[TestClass]
public sealed class PerceiverImageProcessorTests
{
    [TestMethod]
    [DataRow(0, 2, 3, 0)]
    [DataRow(2, 0, 3, 0)]
    [DataRow(-1, 2, 3, 6)]
    [DataRow(2, 2, 2, 8)]
    [DataRow(2, 2, 5, 20)]
    [DataRow(2, 2, 3, 11)]
    [DataRow(2, 2, 3, 13)]
    [DataRow(int.MaxValue, int.MaxValue, 4, 4)]
    public void Impossible_images_are_refused(int height, int width, int channels, int bytes) =>
        Assert.Throws<ArgumentException>(() => new PerceiverImage(height, width, channels, new byte[bytes]));

    [TestMethod]
    public void A_tensor_of_bytes_is_an_image()
    {
        using var scope = NewDisposeScope();
        var last = randint(0, 256, [5, 7, 3], ScalarType.Byte);
        var expected = PerceiverImageProcessor.Default.Process(PerceiverImage.FromTensor(last, PerceiverImageLayout.ChannelsLast));
        // A permuted view has strides that are not its shape's.
        var first = PerceiverImageProcessor.Default.Process(PerceiverImage.FromTensor(last.permute(2, 0, 1)));
        Assert.IsTrue(expected.equal(first).all().item<bool>());
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverImage.FromTensor(zeros(3, 5, 7)));
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverImage.FromTensor(zeros(5, 7, dtype: ScalarType.Byte)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImage.FromTensor(zeros(5, 7, 3, dtype: ScalarType.Byte)));
    }

    [TestMethod]
    public void Settings_of_a_call_are_its_own()
    {
        using var scope = NewDisposeScope();
        var processor = PerceiverImageProcessor.Default;
        var image = Image(20, 30, 3);
        var before = processor.Process(image);
        var other = processor.Process(
            image, processor.Options with { Size = new(8, 9), DoNormalize = false, DoCenterCrop = false, DoRescale = false });
        CollectionAssert.AreEqual(new long[] { 1, 3, 8, 9 }, other.shape);
        Assert.IsTrue((other == other.round()).all().item<bool>() && other.max().item<float>() > 1, "bytes");
        Assert.IsTrue(before.equal(processor.Process(image)).all().item<bool>());
        CollectionAssert.AreEqual(
            new long[] { 1, 8, 9, 3 },
            processor.Process(image, processor.Options with { Size = new(8, 9) }, PerceiverImageLayout.ChannelsLast).shape);
        Assert.Throws<ArgumentException>(() => processor.Process(image, processor.Options with { Size = new(0, 9) }));
    }

    [TestMethod]
    public void Images_of_one_result_shape_are_a_batch_and_others_are_not()
    {
        using var scope = NewDisposeScope();
        var images = new[] { Image(20, 30, 3), Image(31, 9, 1), Image(12, 12, 4) };
        var batch = PerceiverImageProcessor.Default.ProcessBatch(images);
        CollectionAssert.AreEqual(new long[] { 3, 3, 224, 224 }, batch.shape);
        for (int i = 0; i < images.Length; i++)
            Assert.IsTrue(batch[i].equal(PerceiverImageProcessor.Default.Process(images[i])[0]).all().item<bool>(), $"image {i}");

        var unsized = PerceiverImageProcessor.Default.Options with { DoResize = false };
        Assert.Contains(
            "image 1",
            Assert.ThrowsExactly<ArgumentException>(() => PerceiverImageProcessor.Default.ProcessBatch(images, unsized)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverImageProcessor.Default.ProcessBatch([]));
        Assert.Contains(
            "Image 1",
            Assert.ThrowsExactly<ArgumentException>(() => PerceiverImageProcessor.Default.ProcessBatch([images[0], null!])).Message);
        var strict = PerceiverImageProcessor.Default.Options with { DoConvertRgb = false };
        Assert.Contains(
            "Image 2",
            Assert.ThrowsExactly<ArgumentException>(
                () => PerceiverImageProcessor.Default.ProcessBatch([images[0], images[0], images[2]], strict)).Message);
    }

    [TestMethod]
    public void Without_conversion_grey_stays_grey_and_alpha_is_refused()
    {
        using var scope = NewDisposeScope();
        var strict = new PerceiverImageProcessorOptions { DoConvertRgb = false, ImageMean = [0.5], ImageStd = [0.25], Size = new(6) };
        var processor = new PerceiverImageProcessor(strict);
        Assert.AreEqual((1, 6, 6), processor.OutputShape(20, 30, 1));
        var grey = processor.Process(Image(20, 30, 1));
        CollectionAssert.AreEqual(new long[] { 1, 1, 6, 6 }, grey.shape);
        var repeated = processor.Process(Image(20, 30, 1), strict with { DoConvertRgb = true });
        Assert.IsTrue(repeated.equal(grey.expand(1, 3, 6, 6)).all().item<bool>());
        Assert.Contains("alpha", Assert.ThrowsExactly<ArgumentException>(() => processor.Process(Image(20, 30, 4))).Message);
        // Three means are no means of one channel.
        Assert.Contains(
            "image_mean",
            Assert.ThrowsExactly<ArgumentException>(
                () => processor.Process(Image(20, 30, 1), new PerceiverImageProcessorOptions { DoConvertRgb = false })).Message);
    }

    [TestMethod]
    public void A_destination_of_another_length_is_refused()
    {
        var processor = new PerceiverImageProcessor(new() { Size = new(4) });
        processor.ProcessTo(Image(9, 9, 3), new float[48]);
        foreach (int length in new[] { 0, 47, 49 })
        {
            Assert.Contains(
                "48",
                Assert.ThrowsExactly<ArgumentException>(
                    () =>
                        processor.ProcessTo(
                            Image(9, 9, 3), new float[length])).Message.Replace("3 x 4 x 4", "48", StringComparison.Ordinal));
        }
    }

    [TestMethod]
    public void Absurd_results_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverImageProcessor(new() { Size = new(int.MaxValue) }));
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverImageProcessor(new() { Size = new(32768) }).OutputShape(10, 10));
        var blown = new PerceiverImageProcessor(new() { Size = new(30000, 2), CropSize = new(1) });
        Assert.Contains("crop", Assert.ThrowsExactly<ArgumentException>(() => blown.ProcessTo(Image(10, 10, 3), new float[1])).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImageProcessor.Default.OutputShape(0, 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImageProcessor.Default.OutputShape(1, 1, 2));
        Assert.AreEqual((3, 224, 224), PerceiverImageProcessor.Default.OutputShape(1, 1));
    }

    [TestMethod]
    public void Threads_may_share_a_processor()
    {
        // More pairs of sizes than the cache of weights holds, so that it is filled and emptied meanwhile.
        var processor = new PerceiverImageProcessor(new() { Size = new(10, 12) });
        var images = Enumerable.Range(0, 100).Select(i => Image(13 + i, 70 + i * 2, 1 + i % 2 * 2)).ToArray();
        float[][] expected = images.Select(i => Run(processor, i)).ToArray();
        Parallel.For(
            0, images.Length * 4, i => CollectionAssert.AreEqual(expected[i % images.Length], Run(processor, images[i % images.Length])));
    }

    [TestMethod]
    public void Nothing_is_allocated_in_a_steady_state()
    {
        var processor = PerceiverImageProcessor.Default;
        var image = Image(300, 400, 4);
        float[] destination = new float[3 * 224 * 224];
        processor.ProcessTo(image, destination);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            processor.ProcessTo(image, destination);
        // Far below a row's bytes; the pool may make an array anew once its own are taken away.
        Assert.IsLessThan(300_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static float[] Run(PerceiverImageProcessor processor, PerceiverImage image)
    {
        float[] values = new float[3 * 10 * 12];
        processor.ProcessTo(image, values);
        return values;
    }

    private static PerceiverImage Image(int height, int width, int channels) =>
        NaiveResize.ToImage(NaiveResize.Random(height, width, channels, height));
}
