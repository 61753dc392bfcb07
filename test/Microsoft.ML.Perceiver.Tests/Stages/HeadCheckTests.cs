using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>Every head through the one common check.</summary>
[TestClass]
public sealed class HeadCheckTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Fill_mask() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverFillMask(
            new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3), TopK = 3, BatchSize = 2 }),
        Data("a [MASK] b", "[MASK][MASK]", "long text with [MASK], [MASK]", "é[MASK]", "x[MASK]"),
        WithoutText(),
        "FilledText", "Fillings", "LogProbabilities");

    [TestMethod]
    public void Fill_mask_from_left_to_right() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverFillMask(
            PerceiverCheckpoint.FromConfig(Config, 3), topK: 2, decoding: PerceiverFillMaskDecoding.LeftToRight),
        Data("a [MASK] b", "[MASK][MASK]", "long text with [MASK], [MASK]"),
        WithoutText(),
        "FilledText", "Fillings", "LogProbabilities");

    [TestMethod]
    public void Text_classification() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config.WithLabels(["ham", "spam", "ü"]), 3)),
        Data("a", "a longer text", "日本", "one more text", "x"),
        WithoutText(),
        "Score", "PredictedLabel");

    [TestMethod]
    public void Text_classification_of_pairs() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3),
            SecondTextColumnName = "Second",
            BatchSize = 2,
        }),
        Data("a", "a longer text", "b", "one more text", "x"),
        [.. WithoutText(), _context.Data.LoadFromEnumerable([new { Text = "a" }])],
        "Score", "PredictedLabel");

    [TestMethod]
    public void Text_regression() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(Config.WithLabels(["Price"]), 3)),
        Data("a", "a longer text", "b"),
        WithoutText(),
        "Score");

    [TestMethod]
    public void Several_labels() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromConfig(
            Config.WithLabels(["x", "y", "z"]) with { ProblemType = "multi_label_classification" }, 3)),
        Data("a", "a longer text", "b"),
        WithoutText(),
        "Score", "PredictedLabel");

    [TestMethod]
    [DataRow(PerceiverFeaturesKind.MeanLatent)]
    [DataRow(PerceiverFeaturesKind.AllLatents)]
    public void Features(PerceiverFeaturesKind kind) => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverFeatures(PerceiverCheckpoint.FromConfig(Config, 3), kind: kind),
        Data("a", "a longer text", "b"),
        WithoutText(),
        "Features");

    [TestMethod]
    public void A_trainer() => EstimatorCheck.Run(
        _context,
        _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 2, BatchSize = 2 }),
        Data("a", "a longer text", "b", "one more text", "x", "y"),
        [
            .. WithoutText(),
            _context.Data.LoadFromEnumerable([new { Text = "a", Key = "b" }]),
            _context.Data.LoadFromEnumerable([new { Text = "a" }]),
        ],
        "Score", "PredictedLabel");

    [TestMethod]
    public void A_regression_trainer() => EstimatorCheck.Run(
        _context,
        _context.Regression.Trainers.PerceiverText(
            "Number", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 2, BatchSize = 2 }),
        Data("a", "a longer text", "b", "one more text", "x", "y"),
        [.. WithoutText(), _context.Data.LoadFromEnumerable([new { Text = "a", Number = 1.0 }])],
        "Score");

    private IDataView Data(params string[] texts)
    {
        var rows = texts.Select((t, i) => new Row
        {
            Text = t,
            Second = $"second {i}",
            Id = i,
            Vector = [i, i + 1],
            Class = i % 2 == 0 ? "even" : "odd",
            Number = i,
        });
        var data = _context.Data.LoadFromEnumerable(rows);
        return _context.Transforms.Conversion.MapValueToKey("Key", "Class").Fit(data).Transform(data);
    }

    private IDataView[] WithoutText() =>
    [
        _context.Data.LoadFromEnumerable([new { Other = "a", Second = "b" }]),
        _context.Data.LoadFromEnumerable([new { Text = 1f, Second = "b" }]),
        _context.Data.LoadFromEnumerable([new { Text = new[] { "a", "b" }, Second = "b" }]),
    ];

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Second { get; set; } = "";

        public long Id { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [];

        public string Class { get; set; } = "";

        public float Number { get; set; }
    }
}
