using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>The golden image_processor cases with their images as floating-point numbers, which the reference takes too.</summary>
[TestClass]
public sealed class GoldenFloatTests
{
    public static IEnumerable<object[]> Cases => GoldenImageTests.Cases;

    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => GoldenImageTests.NameOf(method, data);

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Whole_numbers_give_what_bytes_give(string name)
    {
        GoldenFolder.SkipIfNone(name);
        using var scope = NewDisposeScope();
        var golden = new GoldenImageCase(name);
        Check(golden, Floats(golden, 1), golden.Overrides);
    }

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Rescaled_numbers_give_the_same_with_rescaling_off(string name)
    {
        GoldenFolder.SkipIfNone(name);
        using var scope = NewDisposeScope();
        var golden = new GoldenImageCase(name);
        // Where bytes were rescaled by another factor, or not at all, numbers from 0 to 1 are not their equals.
        if (!golden.Overrides.DoRescale || golden.Overrides.RescaleFactor != 1 / 255.0)
            return;
        Check(golden, Floats(golden, 255), golden.Overrides with { DoRescale = false });
    }

    private static PerceiverFloatImage[] Floats(GoldenImageCase golden, float divisor) => [.. golden.Images.Select(i =>
        new PerceiverFloatImage(
            i.Height, i.Width, i.Channels, Array.ConvertAll(i.Pixels.ToArray(), b => b / divisor), PerceiverImageLayout.ChannelsLast))];

    private static void Check(GoldenImageCase golden, PerceiverFloatImage[] images, PerceiverImageProcessorOptions options)
    {
        CheckClose(golden, golden.Processor.ProcessFloatBatch(images, options), "batch");
        var last = golden.Processor.ProcessFloatBatch(images, options, PerceiverImageLayout.ChannelsLast);
        CheckClose(golden, last.permute(0, 3, 1, 2), "channels last");
        if (images.Select(i => (i.Height, i.Width)).Distinct().Count() > 1)
            return;
        var nhwc = stack(images.Select(i => tensor(i.Pixels.ToArray(), [i.Height, i.Width, i.Channels])));
        CheckClose(golden, golden.Processor.ProcessTensor(nhwc, PerceiverImageLayout.ChannelsLast, options), "NHWC");
        var nchw = nhwc.permute(0, 3, 1, 2);
        CheckClose(golden, golden.Processor.ProcessTensor(nchw, PerceiverImageLayout.ChannelsFirst, options), "NCHW");
        var one = golden.Processor.ProcessTensor(nchw[0], PerceiverImageLayout.ChannelsFirst, options);
        Assert.IsTrue(one[0].allclose(golden.Expected[0], atol: 1e-3 * golden.Step), "CHW");
    }

    private static void CheckClose(GoldenImageCase golden, Tensor actual, string what)
    {
        CollectionAssert.AreEqual(golden.Expected.shape, actual.shape, what);
        // As where the images are bytes: rounding alone.
        Assert.IsLessThan(1e-3f, ((golden.Expected - actual).abs() / golden.Step).max().item<float>(), what);
    }
}
