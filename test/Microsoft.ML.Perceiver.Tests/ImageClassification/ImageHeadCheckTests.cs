namespace Microsoft.ML.Perceiver.Tests.ImageClassification;

/// <summary>Every stage that reads images through the one common check.</summary>
[TestClass]
public sealed class ImageHeadCheckTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("ConvProcessing")]
    [DataRow("Fourier")]
    [DataRow("Learned")]
    public void Files(string head) => EstimatorCheck.Run(
        _context,
        _context.Transforms.LoadImages("Image", imageFolder: null, "Path")
            .Append(_context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
            {
                Checkpoint = TinyImages.Checkpoint(head),
                BatchSize = 2,
                TopK = 2,
            })),
        Paths("cmyk.jpg", "rgb16.png", "grey16.png", "rgba.png", "grey.jpg"),
        [_context.Data.LoadFromEnumerable([new { Other = "a" }]), _context.Data.LoadFromEnumerable([new { Path = 1f }])],
        "Score", "PredictedLabel", "TopLabels", "TopScores");

    [TestMethod]
    [DataRow("Pixels")]
    [DataRow("Bytes")]
    public void Vectors(string column) => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverImageClassification(
            new PerceiverImageClassificationOptions { Checkpoint = TinyImages.Checkpoint(), ImageColumnName = column, BatchSize = 2 }),
        _context.Data.LoadFromEnumerable(TinyImages.Rows(5)),
        WithoutPixels(column),
        "Score", "PredictedLabel");

    [TestMethod]
    public void A_regression() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint("Fourier", "Weight"), "Pixels"),
        _context.Data.LoadFromEnumerable(TinyImages.Rows(3)),
        WithoutPixels("Pixels"),
        "Score");

    [TestMethod]
    [DataRow(PerceiverFeaturesKind.MeanLatent)]
    [DataRow(PerceiverFeaturesKind.AllLatents)]
    public void Features(PerceiverFeaturesKind kind) => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverFeatures(TinyImages.Checkpoint("Learned"), kind: kind, imageColumnName: "Pixels"),
        _context.Data.LoadFromEnumerable(TinyImages.Rows(3)),
        WithoutPixels("Pixels"),
        "Features");

    [TestMethod]
    public void A_trainer() => EstimatorCheck.Run(
        _context,
        _context.MulticlassClassification.Trainers.PerceiverImage(
            "Key",
            "Pixels",
            TinyImages.Checkpoint(),
            new() { Epochs = 2, BatchSize = 3 },
            new() { HorizontalFlip = true, MaxShift = 0.1, MinCropArea = 0.6, CutMix = 1, MixUp = 0.2 }),
        Keyed(6),
        [.. WithoutPixels("Pixels"), _context.Data.LoadFromEnumerable(TinyImages.Rows(3))],
        "Score", "PredictedLabel");

    [TestMethod]
    public void A_regression_trainer() => EstimatorCheck.Run(
        _context,
        _context.Regression.Trainers.PerceiverImage(
            "Number", "Pixels", TinyImages.Checkpoint(), new() { Epochs = 2, BatchSize = 3 }, new() { HorizontalFlip = true }),
        Keyed(6),
        [.. WithoutPixels("Pixels"), _context.Transforms.DropColumns("Number").Fit(Keyed(1)).Transform(Keyed(1))],
        "Score");

    [TestMethod]
    public void Files_by_their_bytes() => EstimatorCheck.Run(
        _context,
        _context.Transforms.LoadRawImageBytes("Image", imageFolder: null, "Path")
            .Append(_context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint())),
        Paths("cmyk.jpg", "rgb16.png", "grey16.png", "rgba.png", "grey.jpg"),
        [_context.Data.LoadFromEnumerable([new { Other = "a" }])],
        "Score", "PredictedLabel");

    [TestMethod]
    public void Loaded_images() => EstimatorCheck.Run(
        _context,
        _context.Transforms.LoadPerceiverImages("Image", inputColumnName: "Path")
            .Append(_context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint())),
        Paths("cmyk.jpg", "rgb16.png", "grey16.png", "rgba.png", "grey.jpg"),
        [_context.Data.LoadFromEnumerable([new { Other = "a" }]), _context.Data.LoadFromEnumerable([new { Path = 1f }])],
        "Score", "PredictedLabel");

    private IDataView Keyed(int count)
    {
        var data = _context.Data.LoadFromEnumerable(TinyImages.Rows(count));
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
    }

    private IDataView Paths(params string[] names) =>
        _context.Data.LoadFromEnumerable(names.Select((n, i) => new TinyImages.PathRow { Path = TinyImages.File(n), Id = i }));

    private IDataView[] WithoutPixels(string column) =>
    [
        _context.Data.LoadFromEnumerable([new { Other = "a" }]),
        _context.Transforms.CopyColumns(column, "Number").Fit(_context.Data.LoadFromEnumerable([new { Number = 1f }]))
            .Transform(_context.Data.LoadFromEnumerable([new { Number = 1f }])),
    ];
}
