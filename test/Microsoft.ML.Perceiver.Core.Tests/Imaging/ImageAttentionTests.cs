namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>Weights of places as those of an image's pixels.</summary>
[TestClass]
public sealed class ImageAttentionTests
{
    private static readonly PerceiverImageProcessorOptions Whole = new() { DoCenterCrop = false };

    [TestMethod]
    public void A_place_is_spread_over_the_pixels_that_it_was_made_of()
    {
        float[] over = PerceiverImageAttention.OverImage([8, 0, 0, 16], 2, 2, Whole, 4, 8);
        for (int y = 0; y < 4; y++)
        {
            for (int x = 0; x < 8; x++)
                Assert.AreEqual((y < 2) == (x < 4) ? (y < 2 ? 1f : 2f) : 0f, over[y * 8 + x], $"{y}, {x}");
        }
    }

    [TestMethod]
    public void Places_and_pixels_that_do_not_meet_share_by_area()
    {
        // Two places of a pixel and a half each.
        CollectionAssert.AreEqual(new float[] { 2, 5, 8 }, PerceiverImageAttention.OverImage([3, 12], 1, 2, Whole, 1, 3));
        // Three places on two pixels.
        CollectionAssert.AreEqual(new float[] { 2, 7 }, PerceiverImageAttention.OverImage([1, 2, 6], 1, 3, Whole, 1, 2));
    }

    [TestMethod]
    public void Outside_of_the_crop_there_is_nothing()
    {
        // size / crop_size = 4 / 8 of the shorter side: the middle 2 x 2 of 4 x 6 pixels.
        var options = new PerceiverImageProcessorOptions { CropSize = new PerceiverImageSize(8), Size = new PerceiverImageSize(4) };
        float[] over = PerceiverImageAttention.OverImage([1, 2, 3, 4], 2, 2, options, 4, 6);
        float[] expected = new float[24];
        (expected[8], expected[9], expected[14], expected[15]) = (1, 2, 3, 4);
        CollectionAssert.AreEqual(expected, over);
    }

    [TestMethod]
    public void The_brightest_pixel_of_a_processed_image_lies_where_its_place_leads_back_to()
    {
        // One white block in a black image; the processed image's brightest place must lead back into it.
        const int height = 90, width = 120, top = 40, left = 70, side = 12;
        byte[] pixels = new byte[height * width * 3];
        for (int y = top; y < top + side; y++)
            Array.Fill(pixels, (byte)255, (y * width + left) * 3, side * 3);
        var options = new PerceiverImageProcessorOptions { CropSize = new PerceiverImageSize(24), Size = new PerceiverImageSize(24) };
        var image = new PerceiverImage(height, width, 3, pixels, PerceiverImageLayout.ChannelsLast);
        using var made = new PerceiverImageProcessor(options).Process(image);
        using var grey = made.mean([1]).flatten();
        float[] one = new float[24 * 24];
        one[grey.argmax().item<long>()] = 1;
        float[] over = PerceiverImageAttention.OverImage(one, 24, 24, options, height, width);
        Assert.AreEqual(1f, over.Sum(), 1e-5f);
        for (int i = 0; i < over.Length; i++)
        {
            bool isInside = i / width is >= top - 1 and <= top + side && i % width is >= left - 1 and <= left + side;
            Assert.IsTrue(over[i] == 0 || isInside, $"{i / width}, {i % width}");
        }
    }

    [TestMethod]
    public void Another_number_of_weights_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => PerceiverImageAttention.OverImage([1, 2], 2, 2, Whole, 4, 4));
        StringAssert.Contains(error.Message, "2 weights for 2 x 2 = 4 places");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverImageAttention.OverImage([1], 1, 1, Whole, 0, 4));
    }
}
