using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.ObjectDetection;

[TestClass]
public sealed class ObjectDetectionTests
{
    private static readonly string[] Columns = ["PredictedLabel", "PredictedBoundingBoxes", "Score"];
    private static readonly PerceiverConfig Config = TinyImages.Config() with
    {
        Architectures = [nameof(PerceiverForObjectDetection)],
        NumQueries = 4,
    };

    private static readonly PerceiverCheckpoint Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3);
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Loaded() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverObjectDetection(Checkpoint, "Pixels", scoreThreshold: 0),
        Rows(5),
        [_context.Data.LoadFromEnumerable([new { Label = "a" }]), _context.Data.LoadFromEnumerable([new { Pixels = "a" }])],
        Columns);

    [TestMethod]
    public void Loaded_with_other_columns() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            Checkpoint = Checkpoint,
            ImageColumnName = "Pixels",
            PredictedLabelColumnName = "Kinds",
            PredictedBoundingBoxColumnName = "Places",
            ScoreColumnName = "Chances",
            ScoreThreshold = 0.2,
            IouThreshold = null,
            BatchSize = 2,
            ImageProcessor = new() { Size = new(20, 24), CropSize = new(26) },
        }),
        Rows(5),
        [_context.Data.LoadFromEnumerable([new { Label = "a" }])],
        "Kinds", "Places", "Chances");

    [TestMethod]
    public void Trained() => EstimatorCheck.Run(
        _context,
        _context.MulticlassClassification.Trainers.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config),
            ImageColumnName = "Pixels",
            Training = new() { Epochs = 2, BatchSize = 2 },
            ScoreThreshold = 0,
        }),
        Keyed(Rows(6)),
        [
            _context.Data.LoadFromEnumerable([new { Pixels = new float[3], Label = "a", BoundingBoxes = new float[4] }]),
            Keyed(_context.Data.LoadFromEnumerable([new WithoutBoxes()])),
        ],
        Columns);

    [TestMethod]
    public void Boxes_are_those_of_the_bare_model_in_pixels_of_the_image()
    {
        // An image that is wider than high: the crop is 32 of its 40 pixels high, and as wide.
        const int height = 40, width = 60;
        byte[] pixels = [.. Enumerable.Range(0, 3 * height * width).Select(i => (byte)(i * 7 % 251))];
        using var scope = torch.NewDisposeScope();
        var processor = new PerceiverImageProcessorOptions { Size = new(16), CropSize = new(20) };
        using var transformer = _context.Transforms.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            Checkpoint = Checkpoint,
            ImageProcessor = processor,
            PixelHeight = height,
            PixelWidth = width,
            PixelLayout = PerceiverImageLayout.ChannelsLast,
            ScoreThreshold = 0,
            IouThreshold = null,
        }).Fit(_context.Data.LoadFromEnumerable(Array.Empty<WideRow>()));
        var scored = transformer.Transform(_context.Data.LoadFromEnumerable([new WideRow { Image = pixels }]));
        float[] boxes = scored.GetColumn<float[]>("PredictedBoundingBoxes").Single(), scores = scored.GetColumn<float[]>("Score").Single();
        uint[] keys = scored.GetColumn<uint[]>("PredictedLabel").Single();
        using var model = new PerceiverForObjectDetection(Config, seed: 3);
        var input = new PerceiverImageProcessor(processor).Process(new PerceiverImage(height, width, 3, pixels));
        var output = model.forward(input);
        float[] probabilities = output.Logits[0].softmax(-1).data<float>().ToArray();
        float[] shares = output.PredictedBoxes[0].data<float>().ToArray();
        var expected = Enumerable.Range(0, 4).Select(query =>
        {
            var ofLabels = probabilities.Skip(4 * query).Take(3).ToArray();
            float[] b = [.. shares.Skip(4 * query).Take(4)];
            float[] edges =
            [
                14 + 32 * (b[0] - b[2] / 2), 4 + 32 * (b[1] - b[3] / 2), 14 + 32 * (b[0] + b[2] / 2), 4 + 32 * (b[1] + b[3] / 2),
            ];
            return (Key: (uint)Array.IndexOf(ofLabels, ofLabels.Max()) + 1, Score: ofLabels.Max(), Edges: edges);
        }).OrderByDescending(e => e.Score).ToArray();
        CollectionAssert.AreEqual(expected.Select(e => e.Key).ToArray(), keys);
        Modules.TinyModels.AssertSame([.. expected.Select(e => e.Score)], scores);
        Modules.TinyModels.AssertSame([.. expected.SelectMany(e => e.Edges)], boxes);
    }

    [TestMethod]
    public void It_learns_to_find_squares()
    {
        var random = new Random(3);
        var train = Keyed(_context.Data.LoadFromEnumerable(Enumerable.Range(0, 400).Select(_ => Square(random)).ToArray()));
        using var model = _context.MulticlassClassification.Trainers.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(
                Config with
                {
                    NumLatents = 9,
                    LatentChannels = 48,
                    QueryKeyChannels = 48,
                    ValueChannels = 48,
                    NumCrossAttentionHeads = 2,
                    AttentionDropout = 0,
                },
                1,
                PerceiverInitialization.LocalImage),
            ImageColumnName = "Pixels",
            ImageProcessor = new() { DoCenterCrop = false, Size = new(16), CropSize = new(16) },
            Training = PerceiverPresets.DetectionTraining with { Epochs = 15, BatchSize = 16 },
            ScoreThreshold = 0.01,
        }).Fit(train);
        CollectionAssert.AreEqual(new[] { "red", "blue" }.Order().ToArray(), model.Labels.Order().ToArray());
        var test = Keyed(_context.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(_ => Square(random)).ToArray()), train);
        var metrics = _context.MulticlassClassification.EvaluateObjectDetection(model.Transform(test));
        Assert.AreEqual(60, metrics.Rows);
        Assert.IsGreaterThan(0.6, metrics.MAP50);
        Assert.AreEqual(metrics.MAP50, metrics.PerLabel.Average(), 1e-9);
        Assert.IsLessThan(metrics.MAP50, metrics.MAP50To95);
        AssertEdgesOnAverage(model.Transform(test));
    }

    [TestMethod]
    public void A_classifiers_weights_start_a_detector_that_reads_the_whole_image()
    {
        using var model = _context.MulticlassClassification.Trainers.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            Checkpoint = TinyImages.Checkpoint(),
            ImageColumnName = "Pixels",
            NumQueries = 6,
            Training = new() { Epochs = 1 },
            Augmentation = new() { HorizontalFlip = true, MinCropArea = 0.5 },
        }).Fit(Keyed(Rows(12)));
        Assert.AreEqual(6, model.Model.NumQueries);
        Assert.IsFalse(model.ImageProcessor.Options.DoCenterCrop);
        Assert.IsNotNull(model.TrainingResult);
    }

    [TestMethod]
    [DataRow(new[] { "red" }, new float[] { 0, 0, 4 }, "Row 1: the columns 'Label' and 'BoundingBoxes' cannot be used: there are 1")]
    [DataRow(new[] { "red" }, new float[] { 4, 4, 4, 8 }, "Row 1: the columns 'Label' and 'BoundingBoxes' cannot be used: the box 0")]
    [DataRow(new[] { "red" }, new float[] { 4, 4, 17, 8 }, "lies outside of the image of 16 x 16 pixels")]
    [DataRow(new[] { "red" }, new float[] { 4, float.NaN, 16, 8 }, "has a number that is not finite")]
    [DataRow(new[] { "green" }, new float[] { 4, 4, 8, 8 }, "Row 1: the label 0 in the column 'Label' is missing")]
    [DataRow(new[] { "red", "red", "red", "red", "red" }, new float[0], "Row 1: there are 5 objects in the column 'Label'; the model")]
    public void Objects_at_fault_are_refused(string[] labels, float[] boxes, string expected)
    {
        var known = _context.Data.LoadFromEnumerable([Square(new Random(1))]);
        var row = new ObjectRow { Pixels = new byte[768], Label = labels, BoundingBoxes = boxes };
        var view = Keyed(_context.Data.LoadFromEnumerable([new ObjectRow { Pixels = new byte[768] }, row]), known, "red", "blue");
        var trainer = _context.MulticlassClassification.Trainers.PerceiverObjectDetection(
            imageColumnName: "Pixels", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 1 });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(view));
        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused()
    {
        Refused(new() { ScoreThreshold = 1.5 }, "ScoreThreshold");
        Refused(new() { IouThreshold = -0.1 }, "IouThreshold");
        Refused(new() { BoundingBoxColumnName = "" }, "BoundingBoxColumnName");
        Refused(new() { NumQueries = 3 }, "NumQueries");
        Refused(new() { LossWeights = new() }, "LossWeights");
        Refused(new() { Training = new(), NumQueries = 0 }, "NumQueries");
        Refused(new() { Training = new(), Augmentation = new() { CutMix = 1 } }, "CutMix");
        Refused(new() { Training = new(), LossWeights = new() { NoObject = 0 } }, "NoObject");

        void Refused(PerceiverObjectDetectionOptions options, string name)
        {
            options.Checkpoint = Checkpoint;
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => _context.Transforms.PerceiverObjectDetection(options)).Message);
        }
    }

    // An error of half a pixel between the training's pixels and those of a prediction would move all boxes to one side.
    private static void AssertEdgesOnAverage(IDataView scored)
    {
        float[][] right = [.. scored.GetColumn<float[]>("BoundingBoxes")], found = [.. scored.GetColumn<float[]>("PredictedBoundingBoxes")];
        float[][] errors =
        [
            .. right.Zip(found).Where(row => row.Second.Length >= 4)
                .Select(row => Enumerable.Range(0, 4).Select(edge => row.Second[edge] - row.First[edge]).ToArray())
                .Where(row => row.Max(Math.Abs) < 3),
        ];
        Assert.IsGreaterThan(30, errors.Length);
        for (int edge = 0; edge < 4; edge++)
            Assert.AreEqual(0, errors.Average(row => row[edge]), 0.3, $"edge {edge}");
    }

    private IDataView Rows(int count)
    {
        var random = new Random(1);
        return _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ => Square(random)).ToArray());
    }

    /// <summary>The rows with keys for labels: those of the names, else of other rows, else their own.</summary>
    private IDataView Keyed(IDataView rows, IDataView? of = null, params string[] names)
    {
        var keyData = names.Length == 0 ? null : _context.Data.LoadFromEnumerable(names.Select(name => new { Name = name }));
        if (keyData is null && of is not null)
        {
            VBuffer<ReadOnlyMemory<char>> values = default;
            of.Schema["Label"].GetKeyValues(ref values);
            keyData = _context.Data.LoadFromEnumerable(values.DenseValues().Select(v => new { Name = v.ToString() }).ToArray());
        }

        return _context.Transforms.Conversion.MapValueToKey("Label", keyData: keyData).Fit(rows).Transform(rows);
    }

    // A red or a blue square on black.
    internal static ObjectRow Square(Random random)
    {
        const int side = TinyImages.Side;
        byte[] planes = new byte[3 * side * side];
        int size = random.Next(6, 10), left = random.Next(side - size + 1), top = random.Next(side - size + 1), colour = random.Next(2);
        for (int y = top; y < top + size; y++)
            Array.Fill(planes, (byte)230, (2 * colour * side + y) * side + left, size);
        return new ObjectRow
        {
            Pixels = planes,
            Label = [colour == 0 ? "red" : "blue"],
            BoundingBoxes = [left, top, left + size, top + size],
        };
    }

    internal sealed class ObjectRow
    {
        [VectorType(3 * TinyImages.Side * TinyImages.Side)]
        public byte[] Pixels { get; set; } = [];

        public string[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];
    }

    private sealed class WithoutBoxes
    {
        [VectorType(3 * TinyImages.Side * TinyImages.Side)]
        public byte[] Pixels { get; set; } = [];

        public string[] Label { get; set; } = ["a"];
    }

    private sealed class WideRow
    {
        [VectorType(40 * 60 * 3)]
        public byte[] Image { get; set; } = [];
    }
}
