using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>Augmentation, mixtures, batch normalisation in training, and resuming it.</summary>
[TestClass]
public sealed class ImageTrainingTests
{
    private const int Side = 12;

    private static readonly PerceiverImageProcessorOptions Processor = new() { Size = new(Side), CropSize = new(Side) };

    private static readonly PerceiverConfig Config = new PerceiverConfig
    {
        NumLatents = 4,
        LatentChannels = 16,
        NumSelfAttendsPerBlock = 1,
        NumSelfAttentionHeads = 2,
        NumCrossAttentionHeads = 1,
        InitializerRange = 0.2,
    }.WithLabels(["a", "b"]);

    [TestMethod]
    public void An_image_as_it_is_comes_through_as_the_image_processor_has_it()
    {
        var image = RandomImage(3, 20, 17);
        float[] expected = new float[3 * Side * Side], actual = new float[expected.Length];
        new PerceiverImageProcessor(Processor).ProcessTo(image, expected);
        var example = new PerceiverImageExampleReader(Processor).Read(image, [0]);
        new ImageSampler(Processor, 3).Write(example.Pixels, Side, Side, ImageView.Whole, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5f);
    }

    [TestMethod]
    public void Views_are_flipped_moved_cut_and_lit()
    {
        var example = new PerceiverImageExampleReader(Processor).Read(RandomImage(1, Side, Side), [0]);
        var bytes = new ImageSampler(Processor with { DoRescale = false, DoNormalize = false }, 3);
        float[] Seen(ImageView view)
        {
            float[] values = new float[3 * Side * Side];
            bytes.Write(example.Pixels, Side, Side, view, values);
            return values;
        }

        float[] whole = Seen(ImageView.Whole);
        CollectionAssert.AreEqual(example.Pixels, Array.ConvertAll(whole, v => (byte)v));
        float[] flipped = Seen(ImageView.Whole with { Flip = true });
        Assert.AreEqual(whole[5 * Side + 2], flipped[5 * Side + Side - 1 - 2]);
        // Two pixels down: the last row stands thrice.
        float[] moved = Seen(ImageView.Whole with { Top = 2.0 / Side });
        Assert.AreEqual(whole[5 * Side + 3], moved[3 * Side + 3]);
        Assert.AreEqual(whole[(Side - 1) * Side + 3], moved[(Side - 3) * Side + 3]);
        Assert.AreEqual(moved[(Side - 3) * Side + 3], moved[(Side - 1) * Side + 3]);
        // A quarter of the image enlarged: its middle pixel is between the same neighbours.
        float[] cut = Seen(new ImageView(0.5, 0.5, 0.5, 0.5, false, 1, 0));
        float nearest = whole[6 * Side + 6] * 0.75f * 0.75f;
        float beside = (whole[6 * Side + 7] + whole[7 * Side + 6]) * 0.25f * 0.75f;
        Assert.AreEqual(nearest + beside + whole[7 * Side + 7] * 0.0625f, cut[Side + 1], 0.01f);
        float[] lit = Seen(ImageView.Whole with { Brightness = 0.1, Contrast = 0.5 });
        Assert.AreEqual((whole[40] - 127.5f) * 0.5f + 127.5f + 25.5f, lit[40], 0.01f);
    }

    [TestMethod]
    public void Drawn_views_keep_within_the_options()
    {
        using var random = new PerceiverRandom(3);
        var options = new PerceiverImageAugmentation
        {
            HorizontalFlip = true,
            MinCropArea = 0.5,
            MaxShift = 0.1,
            Brightness = 0.2,
            Contrast = 0.3,
        };
        var views = Enumerable.Range(0, 500).Select(_ => ImageView.Draw(options, random)).ToArray();
        Assert.IsTrue(views.All(v => v.Height * v.Width is > 0.37 and <= 1 && v.Height <= 1 && v.Width <= 1));
        Assert.IsTrue(views.All(v => v.Top is >= -0.1 and <= 0.75 && v.Left is >= -0.1 and <= 0.75));
        Assert.AreEqual(250, views.Count(v => v.Flip), 60);
        Assert.AreEqual(1.3, views.Max(v => v.Contrast), 0.02);
        Assert.AreEqual(-0.2, views.Min(v => v.Brightness), 0.02);
        Assert.AreEqual(ImageView.Whole, ImageView.Draw(new PerceiverImageAugmentation(), random));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PerceiverImageAugmentation { MinCropArea = 0 }.Validate());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Mixtures_are_made_of_an_image_and_its_partner(bool cut)
    {
        using var scope = NewDisposeScope();
        using var random = new PerceiverRandom(5);
        var pixels = arange(6, ScalarType.Float32).view(6, 1, 1, 1).expand(6, 3, 8, 8).contiguous();
        var options = cut ? new PerceiverImageAugmentation { CutMix = 1 } : new PerceiverImageAugmentation { MixUp = 0.4 };
        for (int i = 0; i < 20; i++)
        {
            var mix = BatchMix.Draw(pixels, options, random)!;
            Assert.IsTrue(mix.Share is >= 0 and <= 1);
            for (int row = 0; row < 6; row++)
                Assert.AreEqual(row * mix.Share + mix.Partners[row] * (1 - mix.Share), mix.Pixels[row].mean().item<float>(), 1e-4);
            if (cut)
                Assert.IsTrue(mix.Pixels.eq(mix.Pixels.round()).all().item<bool>());
        }

        Assert.IsNull(BatchMix.Draw(pixels, options with { MixProbability = 0 }, random));
        Assert.IsNull(BatchMix.Draw(pixels, new PerceiverImageAugmentation(), random));
    }

    [TestMethod]
    [DataRow(0.2, 0.178)]
    [DataRow(1, 1 / 12.0)]
    [DataRow(4, 1 / 36.0)]
    public void Shares_have_the_mean_and_spread_of_their_distribution(double concentration, double variance)
    {
        using var random = new PerceiverRandom(7);
        double[] draws = [.. Enumerable.Range(0, 4000).Select(_ => BetaDistribution.Draw(concentration, random))];
        double mean = draws.Average();
        Assert.AreEqual(0.5, mean, 0.03);
        Assert.AreEqual(variance, draws.Average(d => (d - mean) * (d - mean)), 0.012);
    }

    [TestMethod]
    public void Training_moves_the_running_statistics_and_evaluation_uses_them()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForImageClassificationConvProcessing(Config, seed: 1);
        Train(model, new() { Epochs = 2, BatchSize = 4 });
        var state = model.state_dict();
        Assert.IsGreaterThan(0, state["perceiver.input_preprocessor.convnet.batchnorm.num_batches_tracked"].item<long>());
        Assert.IsGreaterThan(1e-3f, state["perceiver.input_preprocessor.convnet.batchnorm.running_mean"].abs().max().item<float>());
        using var folder = new TemporaryFolder();
        model.SavePretrained(folder["saved"]);
        using var loaded = PerceiverForImageClassification.FromPretrained(folder["saved"]);
        Assert.IsInstanceOfType<PerceiverForImageClassificationConvProcessing>(loaded);
        var pixels = rand(1, 3, Side, Side);
        Modules.TinyModels.AssertSame(model.forward(pixels).Logits, loaded.forward(pixels).Logits);
        // One image alone is scored as among others: by the running statistics.
        var others = cat([pixels, rand(3, 3, Side, Side)], 0);
        Modules.TinyModels.AssertSame(model.forward(pixels).Logits[0], model.forward(others).Logits[0]);
    }

    [TestMethod]
    public void A_training_that_was_stopped_ends_with_the_same_weights_and_statistics()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var options = new PerceiverTrainingOptions
        {
            Epochs = 3,
            BatchSize = 4,
            WeightAverageDecay = 0.9,
            CheckpointEverySteps = 1,
            RunFolder = folder["run"],
        };
        using var undisturbed = new PerceiverForImageClassificationConvProcessing(Config, seed: 1);
        Train(undisturbed, options with { RunFolder = folder["other"] });
        using (var first = new PerceiverForImageClassificationConvProcessing(Config, seed: 1))
            Train(first, options with { Progress = p => StopAt(p, 4) });
        using var second = new PerceiverForImageClassificationConvProcessing(Config, seed: 1);
        Train(second, options);
        foreach (var (name, value) in undisturbed.state_dict())
            Assert.IsTrue(value.equal(second.state_dict()[name]).all().item<bool>(), name);
    }

    [TestMethod]
    public void Images_of_unequal_size_and_processors_that_keep_sizes_are_refused_together()
    {
        using var model = new PerceiverForImageClassificationConvProcessing(Config, seed: 1);
        var keep = Processor with { DoResize = false };
        var reader = new PerceiverImageExampleReader(keep);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new PerceiverImageClassificationObjective(
                model,
                PerceiverProblemType.SingleLabel,
                [reader.Read(RandomImage(1, 12, 12), [0]), reader.Read(RandomImage(1, 13, 20), [1])],
                [],
                keep,
                new())).Message,
            "differ in shape");
    }

    [TestMethod]
    public void Trained_positions_stretch_over_other_sizes_on_request()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForImageClassificationLearned(Config with { ImageSize = 6 }, seed: 1);
        var pixels = rand(2, 3, 9, 14);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => model.forward(pixels)).Message, "InterpolatePositions");
        var own = model.forward(rand(1, 3, 6, 6)).Logits;
        model.InterpolatePositions = true;
        CollectionAssert.AreEqual(new long[] { 2, 2 }, model.forward(pixels).Logits.shape);
        // The own size is not interpolated at all.
        Assert.IsFalse(own.isnan().any().item<bool>());
        var positions = model.state_dict()["perceiver.input_preprocessor.position_embeddings.position_embeddings"];
        using (no_grad())
            positions.copy_(ones_like(positions) * 3);
        var flat = ((PerceiverImagePreprocessor)model.Perceiver.InputPreprocessor!).forward(pixels).Inputs;
        // Positions that are all alike are so after stretching, too.
        Assert.IsLessThan(1e-4f, (flat[0, 0, TensorIndex.Slice(256)] - flat[0, 60, TensorIndex.Slice(256)]).abs().max().item<float>());
    }

    [TestMethod]
    public void Images_that_do_not_fit_are_refused_in_words()
    {
        using var scope = NewDisposeScope();
        using var conv = new PerceiverForImageClassificationConvProcessing(Config, seed: 1);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => conv.forward(rand(1, 3, 4, 9))).Message, "5 pixels a side");
        void Refused(string what, Action action) => StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(action).Message, what);
        Refused("[batch, 3, height, width]", () => conv.forward(rand(1, 1, 9, 9)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => conv.forward(rand(3, 9, 9))).Message, "[3, 9, 9]");
        Refused("floats", () => conv.forward(zeros(1, 3, 9, 9, dtype: ScalarType.Byte)));
        CollectionAssert.AreEqual(new long[] { 1, 2 }, conv.forward(rand(1, 3, 5, 5)).Logits.shape);
        var trainable = PerceiverPositionEncodingOptions.ForTrainable(4, 4);
        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverImagePreprocessor(new() { SpatialDownsample = 2, PositionEncoding = trainable }));
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverImagePreprocessor(new()));
        var fourier = PerceiverPositionEncodingOptions.ForFourier(new(2, [4, 4]));
        var patches = new PerceiverImagePreprocessor(new() { PrepType = PerceiverImagePrepType.Patches, PositionEncoding = fourier });
        Refused("patches of 4 x 4", () => patches.forward(rand(1, 3, 10, 8)));
    }

    [TestMethod]
    public void Bfloat16_images_are_scored_nearly_alike()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForImageClassificationConvProcessing(Config, seed: 1);
        var pixels = rand(32, 3, Side, Side);
        var exact = model.forward(pixels).Logits;
        double noise = Modules.RoundingNoise.Of(model, PerceiverPrecision.BFloat16, () => model.forward(pixels).Logits);
        model.to(ScalarType.BFloat16);
        Assert.AreEqual(ScalarType.Int64, model.state_dict()["perceiver.input_preprocessor.convnet.batchnorm.num_batches_tracked"].dtype);
        Assert.IsLessThan(noise, Modules.RoundingNoise.RootMeanSquare(exact, model.forward(pixels.to(ScalarType.BFloat16)).Logits));
    }

    private static void StopAt(PerceiverTrainingProgress progress, long step)
    {
        if (progress.Step >= step)
            progress.Stop();
    }

    private static void Train(PerceiverForImageClassification model, PerceiverTrainingOptions options)
    {
        var reader = new PerceiverImageExampleReader(Processor);
        PerceiverRows<PerceiverImageExample> Examples(int seed, int count) =>
            [.. Enumerable.Range(0, count).Select(i => reader.Read(RandomImage(seed + i, 14, 13), [i % 2]))];
        PerceiverTrainer.Run(
            new PerceiverImageClassificationObjective(
                model, PerceiverProblemType.SingleLabel, Examples(1, 14), Examples(100, 6), Processor, options,
                new() { HorizontalFlip = true, MaxShift = 0.1, MinCropArea = 0.7, MixUp = 0.2, CutMix = 1, MixProbability = 0.7 }),
            options);
    }

    private static PerceiverImage RandomImage(int seed, int height, int width)
    {
        byte[] pixels = new byte[height * width * 3];
        new Random(seed).NextBytes(pixels);
        return new PerceiverImage(height, width, 3, pixels);
    }
}
