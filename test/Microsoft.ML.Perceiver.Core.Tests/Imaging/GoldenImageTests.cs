using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Imaging;

/// <summary>Every case of the golden image_processor folder, built from the case's files alone.</summary>
[TestClass]
public sealed class GoldenImageTests
{
    public required TestContext TestContext { get; init; }

    public static IEnumerable<object[]> Cases => GoldenFolder.RowsOrNone(Folders().Order(StringComparer.Ordinal).Select(f =>
        new object[] { Path.GetFileName(f) }));

    public static string NameOf(System.Reflection.MethodInfo method, object[] data) => $"{method.Name} {data[0]}";

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference(string name)
    {
        GoldenFolder.SkipIfNone(name);
        using var scope = NewDisposeScope();
        var golden = new GoldenImageCase(name);
        var expected = golden.Expected;
        // A value before normalisation is a byte times the factor: how much one byte step is in the result.
        float step = golden.Step;
        CheckClose(expected, golden.Processor.ProcessBatch(golden.Images, golden.Overrides), step, "from bytes");

        var last = golden.Processor.ProcessBatch(golden.Images, golden.Overrides, PerceiverImageLayout.ChannelsLast);
        CheckClose(expected, last.permute(0, 3, 1, 2), step, "channels last");

        // The constructor's arguments say the same as the file.
        var made = new PerceiverImageProcessor(golden.FromArguments);
        CheckClose(
            expected, made.ProcessBatch(golden.Images, GoldenImageCase.Apply(golden.FromArguments, golden.Call)), step, "from arguments");

        var stage = new PerceiverImageProcessor(golden.Overrides);
        var (channels, height, width) = stage.OutputShape(golden.Images[0].Height, golden.Images[0].Width, golden.Images[0].Channels);
        float[] values = new float[channels * height * width];
        stage.ProcessTo(golden.Images[0], values);
        CheckClose(expected[0], tensor(values, [channels, height, width]), step, "without tensors");
    }

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void Equals_the_reference_between_the_stages(string name)
    {
        GoldenFolder.SkipIfNone(name);
        using var scope = NewDisposeScope();
        var golden = new GoldenImageCase(name);
        var image = golden.Images[0];
        var raw = golden.Overrides with { DoRescale = false, DoNormalize = false };
        if (golden.Stage("center_crop_shape") is { } shape)
        {
            var crop = new PerceiverImageProcessor(raw with { DoResize = false }).OutputShape(image.Height, image.Width, image.Channels);
            // Height, width, channels.
            CollectionAssert.AreEqual(shape.data<long>().ToArray(), new long[] { crop.Height, crop.Width, crop.Channels });
        }

        if (golden.Stage("resized") is not { } resized)
            return;
        var actual = golden.Processor.Process(image, raw, PerceiverImageLayout.ChannelsLast)[0];
        CollectionAssert.AreEqual(resized.shape, actual.shape);
        var difference = (actual - resized.to(float32)).abs();
        TestContext.WriteLine(
            $"{name} resized bytes: max difference {difference.max().item<float>()}, {difference.count_nonzero().item<long>()} differ");
        Assert.AreEqual(0f, difference.max().item<float>(), "Pillow's bytes");
    }

    [TestMethod]
    [TestCategory("Parity")]
    [DynamicData(nameof(Cases), DynamicDataDisplayName = nameof(NameOf))]
    public void The_same_image_in_other_forms_gives_the_same(string name)
    {
        GoldenFolder.SkipIfNone(name);
        using var scope = NewDisposeScope();
        var golden = new GoldenImageCase(name);
        var expected = golden.Expected;
        var image = golden.Images[0];
        var options = golden.Overrides;
        foreach (var (form, other) in ImageForms.Of(image))
        {
            var actual = golden.Processor.Process(other, options with { DoConvertRgb = image.Channels == 3 });
            CheckClose(expected[0], actual[0], golden.Step, form);
        }
    }

    private static string[] Folders()
    {
        string folder = GoldenFolder.PathOf("image_processor");
        return Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
    }

    private void CheckClose(Tensor expected, Tensor actual, float step, string what)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        Assert.AreEqual(ScalarType.Float32, actual.dtype, what);
        var difference = (expected - actual).abs() / step;
        float largest = difference.max().item<float>(), mean = difference.mean().item<float>();
        TestContext.WriteLine($"{what}: max {largest:g3}, mean {mean:g3} byte steps");
        // Float rounding is far below a byte step; the bar of 2 steps, 0.25 on average, is for other resizers.
        Assert.IsLessThan(1e-3f, largest, what);
    }
}
