using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class ObjectDetectionTrainingTests
{
    private const int Side = 24;
    private static readonly PerceiverImageProcessorOptions Processor =
        new() { DoCenterCrop = false, Size = new(Side), CropSize = new(Side) };

    [TestMethod]
    [DataRow(false, 40, 20)]
    [DataRow(true, 40, 20)]
    [DataRow(true, 23, 31)]
    public void Boxes_lie_where_the_image_processor_puts_their_pixels(bool isCropped, int height, int width)
    {
        // A white box on black: the pixels that are bright in the example are those of the example's box.
        var processor = Processor with { DoCenterCrop = isCropped, CropSize = new(30), Resample = PerceiverResampling.Bilinear };
        float[] box = [4, 6, 14, 18];
        byte[] pixels = new byte[3 * height * width];
        for (int y = 6; y < 18; y++)
            Array.Fill(pixels, (byte)255, 3 * (y * width + 4), 3 * 10);
        var example = new PerceiverDetectionExampleReader(processor).Read(new PerceiverImage(height, width, 3, pixels), [2], box);
        Assert.AreEqual(2, example.Target.Labels.Single());
        byte[] seen = example.Image.Pixels;
        int[] bright = [.. Enumerable.Range(0, Side * Side).Where(i => seen[i] >= 128)];
        Assert.IsNotEmpty(bright);
        var found = example.Target.BoxAt(0);
        // The edge is between the last pixel that is mostly bright and the first that is not.
        Assert.AreEqual(bright.Min(i => i % Side), found.Left * Side, 0.6);
        Assert.AreEqual(bright.Max(i => i % Side) + 1, found.Right * Side, 0.6);
        Assert.AreEqual(bright.Min(i => i / Side), found.Top * Side, 0.6);
        Assert.AreEqual(bright.Max(i => i / Side) + 1, found.Bottom * Side, 0.6);
        // And back to the pixels of the image.
        var window = CropWindow.Of(processor, height, width);
        var restored = window.ToPixels(window.ToShares(new Box(4, 6, 14, 18)));
        Assert.AreEqual(1, restored.Overlap(new Box(4, 6, 14, 18)), 1e-5);
    }

    [TestMethod]
    [DataRow(false, 48, 72, false)]
    [DataRow(false, 48, 72, true)]
    [DataRow(true, 48, 72, false)]
    [DataRow(true, 47, 71, true)]
    public void The_pixels_of_a_view_have_the_boxs_edges_to_a_small_part_of_a_pixel(bool isCropped, int height, int width, bool isFlipped)
    {
        var processor = Processor with { DoCenterCrop = isCropped, CropSize = new(28), Resample = PerceiverResampling.Bilinear };
        byte[] pixels = new byte[3 * height * width];
        for (int y = 14; y < 33; y++)
            Array.Fill(pixels, (byte)255, 3 * (y * width + 25), 3 * 22);
        var example = new PerceiverDetectionExampleReader(processor)
            .Read(new PerceiverImage(height, width, 3, pixels), [0], [25, 14, 25 + 22, 33]);
        // Cut, moved and stretched, but with the whole box inside.
        var view = new ImageView(0.06, 0.03, 0.88, 0.9, isFlipped, 1, 0);
        float[] seen = new float[3 * Side * Side];
        new ImageSampler(new() { DoNormalize = false }, 3).Write(example.Image.Pixels, Side, Side, view, seen);
        var expected = view.OfBox(example.Target.BoxAt(0));
        // How much is bright is the size; neither it nor the middle depends on how wide interpolation made the edges. Half a pixel would be
        // 0.5 here.
        double[] columns = [.. Enumerable.Range(0, Side).Select(x => Enumerable.Range(0, Side).Sum(y => (double)seen[y * Side + x]))];
        double[] rows = [.. Enumerable.Range(0, Side).Select(y => Enumerable.Range(0, Side).Sum(x => (double)seen[y * Side + x]))];
        double wide = columns.Sum() / columns.Max(), high = rows.Sum() / rows.Max();
        double middle = Middle(columns), level = Middle(rows);
        Assert.AreEqual(expected.Left * Side, middle - wide / 2, 0.15);
        Assert.AreEqual(expected.Right * Side, middle + wide / 2, 0.15);
        Assert.AreEqual(expected.Top * Side, level - high / 2, 0.15);
        Assert.AreEqual(expected.Bottom * Side, level + high / 2, 0.15);

        static double Middle(double[] sums) => sums.Select((sum, i) => sum * (i + 0.5)).Sum() / sums.Sum();
    }

    [TestMethod]
    public void Objects_that_are_hardly_seen_are_left_out_and_others_are_cut()
    {
        var reader = new PerceiverDetectionExampleReader(new() { Size = new(20), CropSize = new(20) });
        // The middle square of 40 x 20 is x from 10 to 30.
        float[] boxes = [0, 0, 12, 10, 0, 0, 20, 10, 12, 5, 18, 15];
        var target = reader.Read(new PerceiverImage(20, 40, 3, new byte[2400]), [0, 1, 2], boxes).Target;
        CollectionAssert.AreEqual(new[] { 1, 2 }, target.Labels.ToArray());
        TinyModels.AssertSame([0.25f, 0.25f, 0.5f, 0.5f, 0.25f, 0.5f, 0.3f, 0.5f], [.. target.Boxes]);
    }

    [TestMethod]
    [DataRow(new float[] { 0, 0, 4 }, "1 labels and 3 numbers")]
    [DataRow(new float[] { 5, 0, 5, 4 }, "no area")]
    [DataRow(new float[] { 5, 4, 6, 3 }, "no area")]
    [DataRow(new float[] { -1, 0, 5, 4 }, "outside of the image of 20 x 20")]
    [DataRow(new float[] { 0, 0, 5, 20.5f }, "outside of the image of 20 x 20")]
    [DataRow(new float[] { 0, float.NaN, 5, 5 }, "not finite")]
    public void Boxes_at_fault_are_refused(float[] boxes, string expected)
    {
        var reader = new PerceiverDetectionExampleReader(Processor);
        var error = Assert.ThrowsExactly<ArgumentException>(() => reader.Read(new PerceiverImage(20, 20, 3, new byte[1200]), [0], boxes));
        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    public void Boxes_go_with_the_view_of_an_augmentation()
    {
        var box = new Box(0.5f, 0.2f, 0.7f, 0.4f);
        Assert.AreEqual(box, ImageView.Whole.OfBox(box));
        var view = ImageView.Whole with { Left = 0.25, Width = 0.5, Top = 0.1, Height = 0.5, Flip = true };
        var seen = view.OfBox(box);
        TinyModels.AssertSame([0.1f, 0.2f, 0.5f, 0.6f], [seen.Left, seen.Top, seen.Right, seen.Bottom]);
    }

    [TestMethod]
    public void It_learns_to_find_boxes()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 500).Select(_ => Example(random)).ToArray();
        var config = (TinyModels.Config with
        {
            ImageSize = Side,
            NumLatents = 9,
            LatentChannels = 48,
            NumQueries = 4,
            QueryKeyChannels = 48,
            ValueChannels = 48,
            AttentionDropout = 0,
        }).WithLabels(["red", "green"]);
        var (model, _) = PerceiverCheckpoint.FromConfig(config, 1, PerceiverInitialization.LocalImage)
            .Load(c => new PerceiverForObjectDetection(c, initialize: false));
        using (model)
        {
            var options = new PerceiverTrainingOptions
            {
                Epochs = 15,
                BatchSize = 16,
                LearningRate = 4e-3,
                Optimizer = PerceiverOptimizer.Muon,
                Beta1 = 0.95,
            };
            var objective = new PerceiverObjectDetectionObjective(
                model, [.. rows[60..]], [.. rows[..60]], Processor, options, new() { HorizontalFlip = true });
            Assert.AreEqual("MAP50,MAP50To95,Loss", string.Join(',', objective.Metrics.Select(m => m.Name)));
            var before = objective.Evaluate(default);
            PerceiverTrainer.Run(objective, options);
            var after = objective.Evaluate(default);
            Assert.IsLessThan(0.2, before["MAP50"]);
            Assert.IsGreaterThan(0.6, after["MAP50"]);
            Assert.IsLessThan(after["MAP50"], after["MAP50To95"]);
            Assert.IsLessThan(before["Loss"], after["Loss"]);
        }
    }

    [TestMethod]
    public void What_is_not_for_boxes_is_refused()
    {
        var config = (TinyModels.Config with { ImageSize = Side, NumQueries = 1 }).WithLabels(["red", "green"]);
        using var model = new PerceiverForObjectDetection(config);
        var image = new PerceiverImageExampleReader(Processor).Read(new PerceiverImage(Side, Side, 3, new byte[3 * Side * Side]), []);
        PerceiverDetectionExample one = new(image, new([0], [0.5f, 0.5f, 0.2f, 0.2f]));
        PerceiverDetectionExample two = new(image, new([0, 1], [0.5f, 0.5f, 0.2f, 0.2f, 0.5f, 0.5f, 0.1f, 0.1f]));
        Refused([one], new(), new() { CutMix = 1 }, "CutMix");
        Refused([one], new(), new() { MixUp = 1 }, "MixUp");
        Refused([one], new() { LabelSmoothing = 0.1 }, null, "LabelSmoothing");
        Refused([one, two], new(), null, "training row 1 has 2 objects; the model has 1 queries");

        void Refused(
            PerceiverDetectionExample[] rows, PerceiverTrainingOptions options, PerceiverImageAugmentation? augmentation, string expected)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(
                () => new PerceiverObjectDetectionObjective(model, [.. rows], [], Processor, options, augmentation));
            StringAssert.Contains(error.Message, expected);
        }
    }

    // One or two boxes, red or green, on noise.
    private static PerceiverDetectionExample Example(Random random)
    {
        byte[] pixels = new byte[3 * Side * Side];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.Next(60);
        var labels = new List<int>();
        var boxes = new List<float>();
        int count = random.Next(1, 3);
        for (int i = 0; i < count; i++)
        {
            int width = random.Next(7, 11), height = random.Next(7, 11), label = random.Next(2);
            int left = i * Side / 2 + random.Next(Side / 2 - width + 1), top = random.Next(Side - height + 1);
            for (int y = top; y < top + height; y++)
            {
                for (int x = left; x < left + width; x++)
                    pixels[3 * (y * Side + x) + label] = 220;
            }

            labels.Add(label);
            boxes.AddRange([left, top, left + width, top + height]);
        }

        return new PerceiverDetectionExampleReader(Processor).Read(new PerceiverImage(Side, Side, 3, pixels), labels, boxes);
    }
}
