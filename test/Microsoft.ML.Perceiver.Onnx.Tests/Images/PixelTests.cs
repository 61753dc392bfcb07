using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Images;

/// <summary>The pixels that a graph makes of images are those of the library's image processor, which are Pillow's.</summary>
[TestClass]
public sealed class PixelTests
{
    private static readonly PerceiverImageProcessorOptions Bytes = new() { DoCenterCrop = false, DoRescale = false, DoNormalize = false };

    public static IEnumerable<object[]> Filters => Enum.GetValues<PerceiverResampling>().Select(r => new object[] { r });

    [TestMethod]
    [DynamicData(nameof(Filters))]
    public void Every_filter_gives_the_same_bytes(PerceiverResampling resampling)
    {
        var options = Bytes with { Resample = resampling, Size = new(29, 40) };
        AssertSame(options, [.. TestPhotographs.Whole, .. TestPhotographs.Random(seed: (int)resampling)]);
    }

    [TestMethod]
    [DynamicData(nameof(Filters))]
    public void Images_are_enlarged(PerceiverResampling resampling)
    {
        var options = Bytes with { Resample = resampling, Size = new(224, 300) };
        AssertSame(options, [.. TestPhotographs.Random(seed: 20).Where(i => i.Height < 200 && i.Width < 200).Take(30)]);
    }

    [TestMethod]
    public void The_published_checkpoints_settings() =>
        AssertSame(new(), [.. TestPhotographs.Whole, .. TestPhotographs.Random(seed: 10).Take(40)]);

    [TestMethod]
    [DataRow(64, 64, 64, 64, DisplayName = "the middle square")]
    [DataRow(30, 44, 64, 50, DisplayName = "less than it, of another shape")]
    [DataRow(50, 60, 40, 41, DisplayName = "more than it, so that black is added")]
    [DataRow(50, 30, 40, 60, DisplayName = "more on one axis and less on the other")]
    [DataRow(30, 7, 1000, 1000, DisplayName = "mostly a pixel")]
    public void The_crop_is_the_same(int height, int width, int cropHeight, int cropWidth)
    {
        var options = Bytes with { DoCenterCrop = true, Size = new(height, width), CropSize = new(cropHeight, cropWidth) };
        AssertSame(options, TestPhotographs.Random(seed: 11));
        AssertSame(options with { Resample = PerceiverResampling.Nearest }, TestPhotographs.Random(seed: 12));
    }

    [TestMethod]
    public void Rescaling_and_normalising_give_the_same_floats()
    {
        var images = TestPhotographs.Random(seed: 13).Take(20).ToList();
        var options = new PerceiverImageProcessorOptions { Size = new(20), CropSize = new(24) };
        PerceiverImageProcessorOptions[] all =
        [
            options,
            options with { DoRescale = false },
            options with { DoNormalize = false },
            options with { RescaleFactor = 1 / 127.5, ImageMean = [1], ImageStd = [0.5] },
            options with { ImageMean = [0.5], ImageStd = [0.1, 0.2, 0.3], Resample = PerceiverResampling.Nearest },
        ];
        foreach (var one in all)
            AssertSame(one, images);
    }

    [TestMethod]
    public void Images_of_the_size_itself_need_no_resize()
    {
        var options = new PerceiverImageProcessorOptions { DoResize = false, DoCenterCrop = false };
        foreach (var image in TestPhotographs.Random(seed: 14).Take(10))
            AssertSame(options, [image], new OnnxExtents(image.Height, image.Width, 1, 1));
    }

    private static void AssertSame(
        PerceiverImageProcessorOptions options, IReadOnlyList<PerceiverImage> images, OnnxExtents? extents = null)
    {
        using var folder = new TemporaryFolder();
        using var export = new OnnxExport(new OnnxForm(17));
        var builder = export.NewGraph();
        extents ??= new OnnxExtents(options.Size.Height, options.Size.Width, 1, 1);
        builder.Output("pixel_values", OnnxImageInput.Add(builder, options, extents));
        var files = new OnnxFiles(folder["pixels.onnx"], "pixels", externalData: null).Write(export.Graphs);
        using var session = new OnnxSession(files[0]);
        var processor = new PerceiverImageProcessor(options);
        foreach (var image in images)
        {
            using var scope = NewDisposeScope();
            var expected = processor.Process(image);
            var actual = session.Run(new Dictionary<string, Tensor> { [OnnxImageInput.Name] = image.ToTensor() })["pixel_values"];
            CollectionAssert.AreEqual(expected.shape, actual.shape);
            long differing = expected.ne(actual).sum().item<long>();
            float largest = (expected - actual).abs().max().item<float>();
            Assert.AreEqual(0, differing, $"{image.Height} x {image.Width}: numbers that differ, by up to {largest}");
        }
    }
}
