using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>Images of floating-point numbers in the image processor; the numbers expected are worked out by hand.</summary>
[TestClass]
public sealed class FloatImageTests
{
    // Nothing but what a test turns on.
    private static readonly PerceiverImageProcessorOptions s_off = new()
    {
        DoCenterCrop = false,
        DoResize = false,
        DoRescale = false,
        DoNormalize = false,
    };

    private static readonly float[] s_pixels = [0.1f, 0.25f, 0.5f, 0.999f, 0.0039f, 0.004f];

    [TestMethod]
    public void Without_any_step_the_numbers_stay()
    {
        using var scope = NewDisposeScope();
        var image = new PerceiverFloatImage(2, 1, 3, s_pixels);
        var actual = PerceiverImageProcessor.Default.ProcessFloat(image, s_off, PerceiverImageLayout.ChannelsLast);
        CollectionAssert.AreEqual(s_pixels, actual.data<float>().ToArray());
        // Also those that no resize would take.
        var wide = new PerceiverFloatImage(2, 1, 3, new[] { -1f, 0.5f, 300, 1, 2, 3 });
        Assert.AreEqual(300f, PerceiverImageProcessor.Default.ProcessFloat(wide, s_off).max().item<float>());
    }

    [TestMethod]
    public void A_resize_has_the_256_steps_of_a_byte_and_drops_fractions()
    {
        using var scope = NewDisposeScope();
        var options = s_off with { DoResize = true, Size = new(2, 1) };
        var image = new PerceiverFloatImage(2, 1, 3, s_pixels);
        var actual = PerceiverImageProcessor.Default.ProcessFloat(image, options, PerceiverImageLayout.ChannelsLast);
        // 0.1 x 255 = 25.5, 0.25 x 255 = 63.75, 0.5 x 255 = 127.5, 0.999 x 255 = 254.7, 0.0039 x 255 = 0.99, 0.004 x 255 = 1.02.
        float[] expected = [.. new[] { 25, 63, 127, 254, 0, 1 }.Select(b => (float)(b * (1 / 255.0)))];
        CollectionAssert.AreEqual(expected, actual.data<float>().ToArray());
    }

    [TestMethod]
    public void Rescaling_multiplies_and_normalisation_standardises_what_is_rescaled()
    {
        using var scope = NewDisposeScope();
        var options = s_off with { DoRescale = true, RescaleFactor = 0.5, DoNormalize = true, ImageMean = [0.25], ImageStd = [0.5] };
        var image = new PerceiverFloatImage(1, 1, 3, new[] { 1f, 0.5f, 0f });
        float[] expected = [0.5f, 0, -0.5f];
        CollectionAssert.AreEqual(expected, PerceiverImageProcessor.Default.ProcessFloat(image, options).data<float>().ToArray());
        // Whole numbers only, so that the resize keeps them as they are.
        var resized = PerceiverImageProcessor.Default.ProcessFloat(
            new PerceiverFloatImage(1, 1, 3, new[] { 1f, 0, 2 }), options with { DoResize = true, Size = new(1) });
        CollectionAssert.AreEqual(new[] { 0.5f, -0.5f, 1.5f }, resized.data<float>().ToArray());
    }

    [TestMethod]
    public void A_crop_beyond_the_image_is_padded_with_zeros()
    {
        using var scope = NewDisposeScope();
        // Twice the shorter side: one more on each side.
        var options = s_off with { DoCenterCrop = true, Size = new(2), CropSize = new(1) };
        float[] grey = [0.1f, 0.2f, 0.3f, 0.4f];
        var actual = PerceiverImageProcessor.Default.ProcessFloat(new PerceiverFloatImage(2, 2, 1, grey), options);
        CollectionAssert.AreEqual(new long[] { 1, 3, 4, 4 }, actual.shape);
        for (int c = 0; c < 3; c++)
        {
            CollectionAssert.AreEqual(
                new[] { 0, 0, 0, 0, 0, 0.1f, 0.2f, 0, 0, 0.3f, 0.4f, 0, 0, 0, 0, 0 }, actual[0, c].flatten().data<float>().ToArray());
        }
    }

    [TestMethod]
    [DataRow(-0.1f)]
    [DataRow(1.5f)]
    [DataRow(256f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void Numbers_that_cannot_be_resized_are_refused_with_the_image(float value)
    {
        using var scope = NewDisposeScope();
        var good = new PerceiverFloatImage(2, 1, 3, s_pixels);
        float[] pixels = [.. s_pixels];
        pixels[3] = value;
        var bad = new PerceiverFloatImage(2, 1, 3, pixels);
        var processor = new PerceiverImageProcessor(s_off with { DoResize = true, Size = new(4) });
        var error = Assert.ThrowsExactly<ArgumentException>(() => processor.ProcessFloatBatch([good, bad]));
        StringAssert.StartsWith(error.Message, "Image 1: The image has numbers from ");
        Assert.ThrowsExactly<ArgumentException>(() => processor.ProcessTo(bad, new float[48]));
        processor.ProcessTo(good, new float[48]);
    }

    [TestMethod]
    public void Alpha_is_dropped_whatever_it_is()
    {
        using var scope = NewDisposeScope();
        var options = s_off with { DoResize = true, Size = new(1) };
        var image = new PerceiverFloatImage(1, 1, 4, new[] { 0.2f, 0.4f, 0.6f, -7 });
        float[] expected = [.. new[] { 51, 102, 153 }.Select(b => (float)(b * (1 / 255.0)))];
        CollectionAssert.AreEqual(expected, PerceiverImageProcessor.Default.ProcessFloat(image, options).data<float>().ToArray());
    }

    [TestMethod]
    public void Tensors_of_other_types_and_dimensions_are_refused()
    {
        using var scope = NewDisposeScope();
        var processor = PerceiverImageProcessor.Default;
        var half = rand(2, 3, 20, 30).to(float16);
        var expected = processor.ProcessTensor(half.to(float32), PerceiverImageLayout.ChannelsFirst);
        Assert.IsTrue(expected.equal(processor.ProcessTensor(half, PerceiverImageLayout.ChannelsFirst)).all().item<bool>());
        var bytes = randint(0, 256, [2, 20, 30, 3], ScalarType.Byte);
        CollectionAssert.AreEqual(
            new long[] { 2, 3, 224, 224 }, processor.ProcessTensor(bytes, PerceiverImageLayout.ChannelsLast).shape);
        foreach (var bad in new[] { zeros(20, 30), zeros(3, 20, 30, dtype: int64), zeros(20, 30, 3), zeros(0, 3, 20, 30) })
            Assert.Throws<ArgumentException>(() => processor.ProcessTensor(bad, PerceiverImageLayout.ChannelsFirst));
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverFloatImage.FromTensor(bytes[0], PerceiverImageLayout.ChannelsLast));
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverFloatImage(2, 2, 3, new float[11]));
    }
}
