using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.ImageClassification;

[TestClass]
public sealed class ImageClassificationTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Scores_are_those_of_the_bare_model_behind_the_image_processor()
    {
        using var scope = torch.NewDisposeScope();
        var processor = new PerceiverImageProcessorOptions { Size = new(24), CropSize = new(32), Resample = PerceiverResampling.Bilinear };
        using var transformer = _context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            Checkpoint = TinyImages.Checkpoint("Fourier"),
            ImageProcessor = processor,
            ImageColumnName = "Bytes",
        }).Fit(Rows(2));
        var scores = transformer.Transform(Rows(2)).GetColumn<float[]>("Score").ToArray();
        using var model = new PerceiverForImageClassificationFourier(TinyImages.Config("Fourier"), seed: 3);
        for (int i = 0; i < 2; i++)
        {
            var image = new PerceiverImage(
                TinyImages.Side, TinyImages.Side, 3, TinyImages.Rows(2)[i].Bytes, PerceiverImageLayout.ChannelsFirst);
            float[] expected = model.forward(new PerceiverImageProcessor(processor).Process(image)).Logits.softmax(-1).data<float>()
                .ToArray();
            Modules.TinyModels.AssertSame(expected, scores[i]);
        }
    }

    [TestMethod]
    public void Files_images_in_memory_and_vectors_of_the_same_pixels_score_alike()
    {
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(Images("rgb16.png"));
        float[] expected = Scores(transformer, Images("rgb16.png")).Single();
        using var image = MLImage.CreateFromFile(TinyImages.File("rgb16.png"));
        var memory = _context.Data.LoadFromEnumerable([new ImageRow { Image = image }, new ImageRow { Image = image }]);
        float[][] inMemory = Scores(transformer, memory);
        Assert.HasCount(2, inMemory);
        foreach (float[] scores in inMemory)
            Modules.TinyModels.AssertSame(expected, scores);
        // The user's own image is still the user's.
        Assert.AreEqual(16, image.Width);
        Assert.HasCount(16 * 12 * 3, image.GetBGRPixels);

        byte[] interleaved = [.. Enumerable.Repeat(new byte[] { 200, 100, 50 }, 16 * 12).SelectMany(p => p)];
        var pixels = _context.Data.LoadFromEnumerable([new VectorRow { Image = interleaved }]);
        using var vectors = _context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            Checkpoint = TinyImages.Checkpoint(),
            PixelHeight = 12,
            PixelWidth = 16,
            PixelLayout = PerceiverImageLayout.ChannelsLast,
        }).Fit(pixels);
        Modules.TinyModels.AssertSame(expected, Scores(vectors, pixels).Single());

        // ML.NET's own pixels, a plane for each colour.
        var extraction = _context.Transforms.ResizeImages("Image", 16, 16).Append(_context.Transforms.ExtractPixels("Pixels", "Image"));
        var typed = extraction.Fit(Images("rgb16.png")).Transform(Images("rgb16.png"));
        using var planes = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint(), "Pixels").Fit(typed);
        Modules.TinyModels.AssertSame(expected, Scores(planes, typed).Single());
    }

    [TestMethod]
    [DataRow("cmyk.jpg", 200, 100, 50, 6)]
    [DataRow("rgb16.png", 200, 100, 50, 1)]
    [DataRow("grey16.png", 100, 100, 100, 1)]
    [DataRow("grey.jpg", 100, 100, 100, 2)]
    [DataRow("rgba.png", 200, 100, 50, 2)]
    public void Files_of_other_formats_have_the_right_colours(string name, int red, int green, int blue, int tolerance)
    {
        using var image = MLImage.CreateFromFile(TinyImages.File(name));
        float[] values = new float[3 * 4 * 4];
        var options = new PerceiverImageProcessorOptions { Size = new(4), CropSize = new(4), DoRescale = false, DoNormalize = false };
        new PerceiverImageProcessor(options).ProcessTo(image.ToPerceiverImage(), values);
        float[] expected = [.. new float[] { red, green, blue }.SelectMany(colour => Enumerable.Repeat(colour, 4 * 4))];
        FloatAssert.AreClose(expected, values, tolerance);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(1, 10_000)]
    [DataRow(10_000, 1)]
    public void Images_of_extreme_shapes_are_scored(int height, int width)
    {
        using var image = MLImage.CreateFromPixels(
            width,
            height,
            MLPixelFormat.Bgra32,
            Enumerable.Range(0, width * height * 4).Select(i => (byte)(i % 4 == 3 ? 255 : 90)).ToArray());
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(Images("grey.jpg"));
        float[] scores = Scores(transformer, _context.Data.LoadFromEnumerable([new ImageRow { Image = image }])).Single();
        Assert.AreEqual(1f, scores.Sum(), 1e-5f);
        // An image of one colour is the same whatever its size.
        using var other = MLImage.CreateFromPixels(
            16, 16, MLPixelFormat.Bgra32, Enumerable.Range(0, 1024).Select(i => (byte)(i % 4 == 3 ? 255 : 90)).ToArray());
        float[] expected = Scores(transformer, _context.Data.LoadFromEnumerable([new ImageRow { Image = other }])).Single();
        Modules.TinyModels.AssertSame(expected, scores);
    }

    [TestMethod]
    public void A_file_that_cannot_be_read_fails_with_its_row()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["empty.png"], []);
        File.WriteAllText(folder["text.jpg"], "this is no image");
        byte[] whole = File.ReadAllBytes(TinyImages.File("rgba.png"));
        File.WriteAllBytes(folder["cut.png"], whole[..20]);
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(Images("grey.jpg"));
        foreach (string file in new[] { folder["empty.png"], folder["text.jpg"], folder["cut.png"], folder["missing.png"] })
        {
            var data = Images(TinyImages.File("grey.jpg"), TinyImages.File("grey.jpg"), file);
            var error = Assert.ThrowsExactly<InvalidOperationException>(
                () => transformer.Transform(data).GetColumn<float[]>("Score").ToArray(), file);
            StringAssert.StartsWith(error.Message, "Row 2: the image in the column 'Image' cannot be read:", file);
        }

        var missing = _context.Data.LoadFromEnumerable([new ImageRow { Image = null }]);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(
                () => transformer.Transform(missing).GetColumn<float[]>("Score").ToArray()).Message,
            "Row 0: the image in the column 'Image' is missing");
    }

    [TestMethod]
    public void A_vector_that_is_no_image_is_refused()
    {
        var options = new PerceiverImageClassificationOptions
        {
            Checkpoint = TinyImages.Checkpoint(),
            ImageColumnName = "Pixels",
            PixelHeight = 16,
            PixelWidth = 17,
        };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => _context.Transforms.PerceiverImageClassification(options).Fit(Rows(1))).Message,
            "768 values, which are not the pixels of an image of 16 x 17");
        options.PixelWidth = null;
        Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverImageClassification(options));

        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint(), "Pixels").Fit(Rows(1));
        var rows = TinyImages.Rows(3);
        rows[1].Pixels[7] = 256;
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidOperationException>(
                () => transformer.Transform(_context.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").ToArray()).Message,
            "Row 1: the value 7 in the column 'Pixels' is 256");
        rows[1].Pixels[7] = float.NaN;
        Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(_context.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void A_checkpoint_of_other_classes_is_refused_or_gets_a_new_head()
    {
        using var folder = new TemporaryFolder();
        using (var model = new PerceiverForImageClassificationConvProcessing(TinyImages.Config(), seed: 3))
            model.SavePretrained(folder["model"]);
        // A configuration that promises four labels where the weights have three.
        string config = Path.Combine(folder["model"], "config.json");
        File.WriteAllText(config, TinyImages.Config("ConvProcessing", "a", "b", "c", "d").ToJson());
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder["model"]);
        StringAssert.Contains(
            Assert.ThrowsExactly<FormatException>(
                () => _context.Transforms.PerceiverImageClassification(checkpoint, "Pixels").Fit(Rows(1))).Message,
            "final_layer.weight");

        using var trained = _context.MulticlassClassification.Trainers.PerceiverImage(
            "Key", "Pixels", checkpoint, new() { Epochs = 1, BatchSize = 4 }).Fit(Keyed(8));
        CollectionAssert.AreEquivalent(new[] { "upright", "level" }, trained.Labels.ToArray());
    }

    [TestMethod]
    public void A_text_checkpoint_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var model = new PerceiverForSequenceClassification(Modules.TinyModels.Config))
            model.SavePretrained(folder["text"]);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder["text"]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => _context.Transforms.PerceiverImageClassification(checkpoint, "Pixels").Fit(Rows(1))).Message,
            "PerceiverForSequenceClassification");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => _context.Transforms.PerceiverFeatures(checkpoint, imageColumnName: "Pixels").Fit(Rows(1))).Message,
            "not of PerceiverForImageClassificationLearned");
        var texts = _context.Data.LoadFromEnumerable([new { Text = "a" }]);
        Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverFeatures(TinyImages.Checkpoint()).Fit(texts));
    }

    [TestMethod]
    public void Images_of_another_size_need_interpolated_positions()
    {
        var options = new PerceiverImageClassificationOptions
        {
            Checkpoint = TinyImages.Checkpoint("Learned"),
            ImageColumnName = "Pixels",
            ImageProcessor = new PerceiverImageProcessorOptions { Size = new(12, 20) },
        };
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverImageClassification(options).Fit(Rows(1))).Message,
            "InterpolatePositions");
        options.InterpolatePositions = true;
        using var transformer = _context.Transforms.PerceiverImageClassification(options).Fit(Rows(1));
        Assert.AreEqual(1f, transformer.Transform(Rows(1)).GetColumn<float[]>("Score").First().Sum(), 1e-5f);
    }

    [TestMethod]
    public void The_top_labels_have_names_and_come_in_order()
    {
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint(), "Pixels", topK: 10).Fit(Rows(4));
        var scored = transformer.Transform(Rows(4));
        foreach (var (scores, labels, top) in scored.GetColumn<float[]>("Score").Zip(
            scored.GetColumn<string[]>("TopLabels"), scored.GetColumn<float[]>("TopScores")))
        {
            CollectionAssert.AreEqual(scores.OrderDescending().ToArray(), top);
            Assert.AreEqual(transformer.Labels[Array.IndexOf(scores, scores.Max())], labels[0]);
        }
    }

    [TestMethod]
    public void A_trained_model_is_saved_with_its_processor_in_the_layout_of_the_reference()
    {
        using var folder = new TemporaryFolder();
        var processor = new PerceiverImageProcessorOptions { Size = new(20), CropSize = new(20), ImageMean = [0.5], ImageStd = [0.25] };
        using var trained = _context.MulticlassClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
        {
            LabelColumnName = "Key",
            ImageColumnName = "Pixels",
            Checkpoint = TinyImages.Checkpoint(),
            ImageProcessor = processor,
            Training = new() { Epochs = 2, BatchSize = 4 },
        }).Fit(Keyed(12));
        trained.SavePretrained(folder["saved"]);
        using var loaded = _context.Transforms.PerceiverImageClassification(PerceiverCheckpoint.FromDirectory(folder["saved"]), "Pixels")
            .Fit(Rows(3));
        Assert.AreEqual(processor.ToJson(), loaded.ImageProcessor.Options.ToJson());
        float[][] expected = Scores(trained, Rows(3)), actual = Scores(loaded, Rows(3));
        for (int i = 0; i < 3; i++)
            Modules.TinyModels.AssertSame(expected[i], actual[i]);
    }

    [TestMethod]
    [DataRow("ConvProcessing")]
    [DataRow("Fourier")]
    public void Stripes_are_learnt(string head)
    {
        using var model = _context.MulticlassClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
        {
            LabelColumnName = "Key",
            ImageColumnName = "Bytes",
            Checkpoint = TinyImages.Checkpoint(head),
            Training = new() { Epochs = 25, BatchSize = 8, LearningRate = 3e-3, LabelSmoothing = 0.05 },
            Augmentation = new() { HorizontalFlip = true, Brightness = 0.1, Contrast = 0.1 },
        }).Fit(Keyed(64));
        var metrics = _context.MulticlassClassification.Evaluate(model.Transform(Keyed(40, seed: 2)), "Key");
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
    }

    [TestMethod]
    public void Numbers_and_several_labels_are_learnt()
    {
        var options = new PerceiverImageClassificationOptions
        {
            ImageColumnName = "Pixels",
            LabelColumnName = "Number",
            Checkpoint = TinyImages.Checkpoint(),
            Training = new() { Epochs = 20, BatchSize = 8, LearningRate = 3e-3 },
        };
        using var regression = _context.Transforms.PerceiverImageClassification(options).Fit(Rows(64));
        Assert.IsGreaterThan(0.6, _context.Regression.Evaluate(regression.Transform(Rows(40, seed: 2)), "Number").RSquared);
        using var trained = _context.Regression.Trainers.PerceiverImage(options).Fit(Rows(64));
        Assert.IsGreaterThan(0.6, _context.Regression.Evaluate(trained.Transform(Rows(40, seed: 2)), "Number").RSquared);
        options.LabelColumnName = "Both";
        using var labels = _context.Transforms.PerceiverImageClassification(options).Fit(Rows(64));
        var scored = labels.Transform(Rows(40, seed: 2));
        int right = scored.GetColumn<float[]>("Both").Zip(scored.GetColumn<bool[]>("PredictedLabel"))
            .Count(r => r.First.Select(v => v > 0.5f).SequenceEqual(r.Second));
        Assert.IsGreaterThan(35, right);
    }

    [TestMethod]
    public void A_prediction_engine_gives_the_same()
    {
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint(), "Pixels").Fit(Rows(1));
        var rows = TinyImages.Rows(3);
        float[][] expected = Scores(transformer, Rows(3));
        using var engine = _context.Model.CreatePredictionEngine<TinyImages.PixelRow, Prediction>(
            transformer, new PredictionEngineOptions { OwnsTransformer = false });
        for (int i = 0; i < 3; i++)
            Modules.TinyModels.AssertSame(expected[i], engine.Predict(rows[i]).Score);
    }

    private static float[][] Scores(PerceiverImageClassificationTransformer transformer, IDataView data) =>
        transformer.Transform(data).GetColumn<float[]>("Score").ToArray();

    private IDataView Rows(int count, int seed = 1) => _context.Data.LoadFromEnumerable(TinyImages.Rows(count, seed));

    private IDataView Keyed(int count, int seed = 1)
    {
        var data = Rows(count, seed);
        const ValueToKeyMappingEstimator.KeyOrdinality byValue = ValueToKeyMappingEstimator.KeyOrdinality.ByValue;
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label", keyOrdinality: byValue).Fit(data).Transform(data);
    }

    private IDataView Images(params string[] files)
    {
        var paths = _context.Data.LoadFromEnumerable(
            files.Select(f => new TinyImages.PathRow { Path = Path.IsPathRooted(f) ? f : TinyImages.File(f) }));
        return _context.Transforms.LoadImages("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
    }

    private sealed class ImageRow
    {
        [ImageType(16, 16)]
        public MLImage? Image { get; set; }
    }

    private sealed class VectorRow
    {
        [VectorType(16 * 12 * 3)]
        public byte[] Image { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
