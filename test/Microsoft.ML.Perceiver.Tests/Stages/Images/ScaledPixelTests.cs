using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.Stages.Images;

/// <summary>Vectors of pixels from 0 to 1, which as numbers from 0 to 255 would all be black.</summary>
[TestClass]
public sealed class ScaledPixelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(1f / 255, 0f)]
    [DataRow(1f / 127.5f, 127.5f)]
    public void Scaled_pixels_are_refused_with_the_remedy(float scale, float offset)
    {
        using var transformer = Fit(new(), Pixels(1, 0));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Scores(transformer, Pixels(scale, offset)));
        StringAssert.StartsWith(error.Message, Refusal(0, "Image"));
        StringAssert.Contains(error.Message, "PixelRange");
        StringAssert.Contains(error.Message, "scaleImage");
        Assert.HasCount(3, Scores(transformer, Pixels(1, 0)));
    }

    [TestMethod]
    [DataRow(PerceiverImageLayout.ChannelsFirst)]
    [DataRow(PerceiverImageLayout.ChannelsLast)]
    public void The_range_makes_them_the_same_image(PerceiverImageLayout layout)
    {
        bool interleave = layout == PerceiverImageLayout.ChannelsLast;
        using var plain = Fit(new(), Pixels(1, 0));
        float[] expected = Scores(plain, Pixels(1, 0));
        var options = new PerceiverImageClassificationOptions { PixelRange = PerceiverPixelRange.ZeroToOne, PixelLayout = layout };
        using var transformer = Fit(options, Pixels(1f / 255, 0, interleave));
        TinyModels.AssertSame(expected, Scores(transformer, Pixels(1f / 255, 0, interleave)));

        // A model file keeps the range.
        using var file = new MemoryStream();
        _context.Model.Save(transformer, null, file);
        file.Position = 0;
        using var loaded = (PerceiverImageClassificationTransformer)_context.Model.Load(file, out _);
        TinyModels.AssertSame(expected, Scores(loaded, Pixels(1f / 255, 0, interleave)));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Scores(transformer, Pixels(1, 0, interleave)));
        StringAssert.StartsWith(error.Message, "Row 0: the value 0 in the column 'Image' is ");
        StringAssert.EndsWith(error.Message, "a pixel is from 0 to 1 (PixelRange).");
    }

    [TestMethod]
    [DataRow(PerceiverPixelRange.ZeroTo255)]
    [DataRow(PerceiverPixelRange.ZeroToOne)]
    public void A_processor_that_does_not_rescale_takes_them_as_the_reference_does(PerceiverPixelRange range)
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 3 * TinyImages.Side * TinyImages.Side).Select(_ => random.NextSingle())];
        var data = _context.Data.LoadFromEnumerable([new VectorRow { Image = values }]);
        var processor = new PerceiverImageProcessorOptions
        {
            DoCenterCrop = false,
            DoRescale = false,
            Size = new(TinyImages.Side),
            DoResize = false,
        };
        using var transformer = Fit(new() { ImageProcessor = processor, PixelRange = range }, data);
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var model = new PerceiverForImageClassificationConvProcessing(TinyImages.Config(), seed: 3);
        var image = new PerceiverFloatImage(TinyImages.Side, TinyImages.Side, 3, values, PerceiverImageLayout.ChannelsFirst);
        using var noGrad = TorchSharp.torch.no_grad();
        model.eval();
        using var pixels = new PerceiverImageProcessor(processor).ProcessFloat(image);
        float[] expected = model.forward(pixels).Logits.softmax(-1).data<float>().ToArray();
        FloatAssert.AreClose(expected, Scores(transformer, data), 1e-5f);
        // Bytes would be near, and are not the same.
        float[] rounded = Array.ConvertAll(values, v => MathF.Round(v * 255));
        using var bytes = Fit(
            new() { ImageProcessor = processor with { DoRescale = true } },
            _context.Data.LoadFromEnumerable([new VectorRow { Image = rounded }]));
        CollectionAssert.AreNotEqual(
            Scores(transformer, data), Scores(bytes, _context.Data.LoadFromEnumerable([new VectorRow { Image = rounded }])));
    }

    [TestMethod]
    [DataRow(0f)]
    [DataRow(1f)]
    public void An_image_that_is_nearly_black_is_one(float value)
    {
        float[] values = new float[3 * TinyImages.Side * TinyImages.Side];
        values.AsSpan(0, 10).Fill(value);
        var data = _context.Data.LoadFromEnumerable([new VectorRow { Image = values }]);
        using var transformer = Fit(new(), data);
        Assert.HasCount(3, Scores(transformer, data));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Training_learns_the_same_from_them(bool rescales)
    {
        var rows = TinyImages.Rows(8);
        float[] expected = Trained(new(), rows);
        foreach (var row in rows)
            row.Pixels = Array.ConvertAll(row.Pixels, v => v / 255);
        var options = new PerceiverImageClassificationOptions
        {
            PixelRange = PerceiverPixelRange.ZeroToOne,
            ImageProcessor = new() { DoRescale = rescales, Size = new(TinyImages.Side), CropSize = new(TinyImages.Side) },
        };
        FloatAssert.AreClose(expected, Trained(options, rows), 1e-4f);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Trained(new(), rows));
        StringAssert.StartsWith(error.Message, Refusal(0, "Pixels"));
    }

    [TestMethod]
    public void Features_take_them_as_well()
    {
        PerceiverFeaturesOptions Options(PerceiverPixelRange range) => new()
        {
            Checkpoint = TinyImages.Checkpoint(),
            ImageColumnName = "Image",
            PixelRange = range,
        };
        float[] Features(PerceiverPixelRange range, IDataView data)
        {
            using var transformer = _context.Transforms.PerceiverFeatures(Options(range)).Fit(data);
            return transformer.Transform(data).GetColumn<float[]>("Features").Single();
        }

        float[] expected = Features(PerceiverPixelRange.ZeroTo255, Pixels(1, 0));
        TinyModels.AssertSame(expected, Features(PerceiverPixelRange.ZeroToOne, Pixels(1f / 255, 0)));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Features(PerceiverPixelRange.ZeroTo255, Pixels(1f / 255, 0)));
        StringAssert.StartsWith(error.Message, Refusal(0, "Image"));
    }

    [TestMethod]
    public void Frames_of_videos_take_them_as_well()
    {
        float[] Videos(PerceiverPixelRange range, TinyClips.Clip[] clips)
        {
            var data = _context.Data.LoadFromEnumerable(clips);
            var options = new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, PixelRange = range };
            using var transformer = _context.Transforms.PerceiverMultimodal(options).Fit(data);
            return transformer.Transform(data).GetColumn<float[]>("Score").Last();
        }

        var clips = TinyClips.Rows(2);
        float[] expected = Videos(PerceiverPixelRange.ZeroTo255, clips);
        clips[1].Frames = Array.ConvertAll(clips[1].Frames, v => v / 255);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Videos(PerceiverPixelRange.ZeroTo255, clips));
        StringAssert.StartsWith(error.Message, Refusal(1, "Frames"));
        clips[0].Frames = Array.ConvertAll(clips[0].Frames, v => v / 255);
        TinyModels.AssertSame(expected, Videos(PerceiverPixelRange.ZeroToOne, clips));
    }

    private static string Refusal(int row, string column) =>
        $"Row {row}: the values in the column '{column}' are at most 1, as if they had been scaled; a pixel is from 0 to 255.";

    private static float[] Scores(PerceiverImageClassificationTransformer transformer, IDataView data) =>
        transformer.Transform(data).GetColumn<float[]>("Score").Single();

    private PerceiverImageClassificationTransformer Fit(PerceiverImageClassificationOptions options, IDataView data)
    {
        options.Checkpoint = TinyImages.Checkpoint();
        return _context.Transforms.PerceiverImageClassification(options).Fit(data);
    }

    private float[] Trained(PerceiverImageClassificationOptions options, TinyImages.PixelRow[] rows)
    {
        options.Checkpoint = TinyImages.Checkpoint(labels: ["upright", "level"]);
        options.ImageColumnName = "Pixels";
        options.Training = new() { Epochs = 1, ValidationFraction = 0, Seed = 5 };
        var data = _context.Data.LoadFromEnumerable(rows);
        var keyed = _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        using var transformer = _context.MulticlassClassification.Trainers.PerceiverImage(options).Fit(keyed);
        return [.. transformer.Transform(keyed).GetColumn<float[]>("Score").SelectMany(s => s)];
    }

    private IDataView Pixels(float scale, float offset, bool interleave = false)
    {
        var paths = _context.Data.LoadFromEnumerable([new TinyImages.PathRow { Path = TinyImages.File("rgb16.png") }]);
        return _context.Transforms.LoadPerceiverImages("Image", null, "Path")
            .Append(_context.Transforms.ResizeImages("Image", TinyImages.Side, TinyImages.Side))
            .Append(_context.Transforms.ExtractPixels(
                "Image", interleavePixelColors: interleave, scaleImage: scale, offsetImage: offset))
            .Fit(paths).Transform(paths);
    }

    private sealed class VectorRow
    {
        [VectorType(3 * TinyImages.Side * TinyImages.Side)]
        public float[] Image { get; set; } = [];
    }
}
