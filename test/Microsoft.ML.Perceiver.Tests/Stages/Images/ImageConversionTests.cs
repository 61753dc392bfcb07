using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Stages.Images;

[TestClass]
public sealed class ImageConversionTests
{
    private const int Height = 2, Width = 3;
    private static readonly byte[] Red = [10, 20, 30, 40, 50, 60];
    private static readonly byte[] Green = [70, 80, 90, 100, 110, 120];
    private static readonly byte[] Blue = [130, 140, 150, 160, 170, 180];
    private static readonly byte[] Opaque = [255, 255, 255, 255, 255, 255];

    public static IEnumerable<object[]> Forms =>
    [
        [new PerceiverImage(Height, Width, 3, Together(Red, Green, Blue))],
        [new PerceiverImage(Height, Width, 3, Together(Blue, Green, Red)) { BlueFirst = true }],
        [new PerceiverImage(Height, Width, 3, (byte[])[.. Red, .. Green, .. Blue], PerceiverImageLayout.ChannelsFirst)],
        [new PerceiverImage(Height, Width, 4, Together(Red, Green, Blue, Opaque))],
        [new PerceiverImage(Height, Width, 4, (byte[])[.. Red, .. Green, .. Blue, .. Opaque], PerceiverImageLayout.ChannelsFirst)],
    ];

    [TestMethod]
    [DynamicData(nameof(Forms))]
    public void An_image_of_any_form_comes_back_as_it_was(PerceiverImage original)
    {
        using var image = original.ToMLImage();
        Assert.AreEqual((Height, Width, MLPixelFormat.Bgra32), (image.Height, image.Width, image.PixelFormat));
        CollectionAssert.AreEqual(Together(Blue, Green, Red, Opaque), image.Pixels.ToArray());
        var back = image.ToPerceiverImage();
        Assert.AreEqual((Height, Width, 4, true), (back.Height, back.Width, back.Channels, back.BlueFirst));
        CollectionAssert.AreEqual((byte[])[.. Red, .. Green, .. Blue], back.ToPlanes());
        CollectionAssert.AreEqual((byte[])[.. Red, .. Green, .. Blue], original.ToPlanes());
    }

    [TestMethod]
    public void Grey_is_grey_in_all_colours()
    {
        var grey = new PerceiverImage(Height, Width, 1, Red);
        using var image = grey.ToMLImage();
        CollectionAssert.AreEqual(Together(Red, Red, Red, Opaque), image.Pixels.ToArray());
        CollectionAssert.AreEqual((byte[])[.. Red, .. Red, .. Red], grey.ToPlanes());
    }

    [TestMethod]
    [DataRow(PerceiverImageLayout.ChannelsLast)]
    [DataRow(PerceiverImageLayout.ChannelsFirst)]
    public void Alpha_stays_and_colours_come_back_as_they_were_before_it(PerceiverImageLayout layout)
    {
        byte[] alpha = [255, 200, 128, 64, 255, 200];
        byte[] pixels = layout == PerceiverImageLayout.ChannelsLast
            ? Together(Red, Green, Blue, alpha)
            : [.. Red, .. Green, .. Blue, .. alpha];
        using var image = new PerceiverImage(Height, Width, 4, pixels, layout).ToMLImage();
        // Half transparent: no alpha is multiplied into the colour.
        Assert.AreEqual(Red[2], image.Pixels[2 * 4 + 2]);
        var back = image.ToPerceiverImage();
        CollectionAssert.AreEqual(alpha, back.Pixels.ToArray().Where((_, i) => i % 4 == 3).ToArray());
        CollectionAssert.AreEqual((byte[])[.. Red, .. Green, .. Blue], back.ToPlanes());
    }

    // Pillow's convert("RGB") drops the alpha and nothing else.
    [TestMethod]
    public void Colours_without_any_opacity_stay()
    {
        byte[] alpha = [0, 0, 1, 0, 255, 3];
        using var image = new PerceiverImage(Height, Width, 4, Together(Red, Green, Blue, alpha)).ToMLImage();
        CollectionAssert.AreEqual((byte[])[.. Red, .. Green, .. Blue], image.ToPerceiverImage().ToPlanes());
        using var folder = new TemporaryFolder();
        string path = folder["cut-out.png"];
        image.Save(path);
        CollectionAssert.AreEqual(
            (byte[])[.. Red, .. Green, .. Blue], PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path)).ToPlanes());
        var paths = new MLContext().Data.LoadFromEnumerable([new { Path = path }]);
        var loaded = new MLContext().Transforms.LoadPerceiverImages("Path").Fit(paths).Transform(paths);
        CollectionAssert.AreEqual(
            (byte[])[.. Red, .. Green, .. Blue], loaded.GetColumn<MLImage>("Path").Single().ToPerceiverImage().ToPlanes());
    }

    [TestMethod]
    public void Straight_and_premultiplied_alpha_are_told_apart()
    {
        // A colour above its alpha was not multiplied by it.
        using var straight = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [255, 255, 255, 0, 200, 100, 50, 128]);
        CollectionAssert.AreEqual((byte[])[255, 200, 255, 100, 255, 50], straight.ToPerceiverImage().ToPlanes());
        using var multiplied = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [0, 0, 0, 0, 100, 50, 25, 128]);
        CollectionAssert.AreEqual((byte[])[0, 199, 0, 100, 0, 50], multiplied.ToPerceiverImage().ToPlanes());
    }

    [TestMethod]
    public void An_image_that_ML_NET_reads_from_a_file_that_was_saved_is_the_same()
    {
        using var folder = new TemporaryFolder();
        string path = folder["image.png"];
        using (var image = new PerceiverImage(Height, Width, 3, Together(Red, Green, Blue)).ToMLImage())
            image.Save(path);
        using var read = MLImage.CreateFromFile(path);
        CollectionAssert.AreEqual((byte[])[.. Red, .. Green, .. Blue], read.ToPerceiverImage().ToPlanes());
    }

    [TestMethod]
    public void What_is_none_is_refused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => ((PerceiverImage)null!).ToMLImage());
        Assert.ThrowsExactly<ArgumentNullException>(() => ((MLImage)null!).ToPerceiverImage());
        var image = new PerceiverImage(Height, Width, 1, Red).ToMLImage();
        image.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => image.ToPerceiverImage());
    }

    // The channels of a pixel side by side.
    private static byte[] Together(params byte[][] planes) =>
        [.. Enumerable.Range(0, planes[0].Length).SelectMany(i => planes.Select(p => p[i]))];
}
