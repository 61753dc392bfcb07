using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Stages.Training;

/// <summary>A regression learns as well whatever the unit of its labels is, and gives its numbers in that unit.</summary>
[TestClass]
public sealed class RegressionUnitTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.2 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Texts_in_another_unit_are_learnt_as_well()
    {
        double plain = TextRSquared(Texts(1, 0)), scaled = TextRSquared(Texts(1_000, 50_000));
        Assert.IsGreaterThan(0.8, plain);
        Assert.AreEqual(plain, scaled, 1e-3);
    }

    [TestMethod]
    public void Images_in_another_unit_are_learnt_as_well()
    {
        double plain = ImageRSquared(Images(1, 0)), scaled = ImageRSquared(Images(1_000, 50_000));
        Assert.IsGreaterThan(0.6, plain);
        Assert.AreEqual(plain, scaled, 1e-3);
    }

    [TestMethod]
    public void Both_kinds_of_files_keep_the_unit()
    {
        var data = Texts(1_000, 50_000);
        using var model = TextTrainer(PerceiverCheckpoint.FromConfig(Config)).Fit(data);
        float[] expected = Scores(model, data);
        using var folder = new TemporaryFolder();
        _context.Model.Save(model, data.Schema, folder["model.zip"]);
        using (var loaded = (PerceiverTextClassificationTransformer)_context.Model.Load(folder["model.zip"], out _))
            TinyModels.AssertSame(expected, Scores(loaded, data));

        model.SavePretrained(folder["checkpoint"]);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder["checkpoint"]);
        Assert.AreEqual(50_500, checkpoint.Config.LabelMeans!.Single(), 300);
        Assert.AreEqual(500, checkpoint.Config.LabelDeviations!.Single(), 50);
        using var again = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(data);
        TinyModels.AssertSame(expected, Scores(again, data));
    }

    [TestMethod]
    public void The_metrics_of_the_training_are_in_the_labels_unit()
    {
        using var model = TextTrainer(PerceiverCheckpoint.FromConfig(Config)).Fit(Texts(1_000, 50_000));
        var first = model.TrainingResult!.Epochs[0];
        // The labels' deviation is 500; the loss is a share of its square.
        Assert.IsInRange(100, 1_000, first.ValidationMetrics!["RootMeanSquaredError"]);
        Assert.IsLessThan(3, first.TrainingLoss);
    }

    [TestMethod]
    public void A_checkpoint_goes_on_in_another_unit()
    {
        using var folder = new TemporaryFolder();
        var data = Texts(1_000, 50_000);
        using (var model = TextTrainer(PerceiverCheckpoint.FromConfig(Config)).Fit(data))
            model.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        float[] expected;
        using (var start = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(data))
            expected = Scores(start, data);
        // Steps that are too small to change anything: what comes out is the checkpoint's, with a mean and a deviation of other rows.
        var options = Trainer(checkpoint);
        options.Training = options.Training! with { Epochs = 1, LearningRate = 1e-12 };
        var fewer = _context.Data.TakeRows(data, 20);
        using var still = _context.Regression.Trainers.PerceiverText(options).Fit(fewer);
        Assert.AreNotEqual(checkpoint.Config.LabelMeans!.Single(), still.Model.Config.LabelMeans!.Single());
        float[] actual = Scores(still, data);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1);
    }

    [TestMethod]
    public void Labels_that_teach_nothing_are_refused()
    {
        var constant = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => new TextRow { Text = $"{i}", Value = 7 }));
        var trainer = TextTrainer(PerceiverCheckpoint.FromConfig(Config));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(constant)).Message,
            "The label is 7 in all");
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
        {
            float[] values = [1, value, 2];
            var bad = _context.Data.LoadFromEnumerable(values.Select(v => new TextRow { Value = v }));
            StringAssert.StartsWith(
                Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(bad)).Message,
                "Row 1: the label in the column 'Value' is");
        }
    }

    private double TextRSquared(IDataView data)
    {
        using var model = TextTrainer(PerceiverCheckpoint.FromConfig(Config)).Fit(data);
        return _context.Regression.Evaluate(model.Transform(data), "Value").RSquared;
    }

    private double ImageRSquared(IDataView data)
    {
        using var model = _context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            ImageColumnName = "Bytes",
            LabelColumnName = "Number",
            Checkpoint = TinyImages.Checkpoint(),
            Training = new() { Epochs = 20, BatchSize = 8, LearningRate = 3e-3 },
        }).Fit(data);
        return _context.Regression.Evaluate(model.Transform(data), "Number").RSquared;
    }

    private PerceiverTextClassificationEstimator TextTrainer(PerceiverCheckpoint checkpoint) =>
        _context.Regression.Trainers.PerceiverText(Trainer(checkpoint));

    private static PerceiverTextClassificationOptions Trainer(PerceiverCheckpoint checkpoint) => new()
    {
        Checkpoint = checkpoint,
        LabelColumnName = "Value",
        Training = new() { Epochs = 25, BatchSize = 8, LearningRate = 3e-3 },
    };

    private static float[] Scores(PerceiverTextClassificationTransformer model, IDataView data) =>
        [.. model.Transform(data).GetColumn<float>("Score")];

    private IDataView Texts(float factor, float offset) => _context.Data.LoadFromEnumerable(Enumerable.Range(0, 80).Select(i => new TextRow
    {
        Text = i % 2 == 0 ? $"yes {i}" : $"no {i}",
        Value = factor * (i % 2) + offset,
    }));

    private IDataView Images(float factor, float offset)
    {
        var rows = TinyImages.Rows(64);
        foreach (var row in rows)
            row.Number = factor * row.Number + offset;
        return _context.Data.LoadFromEnumerable(rows);
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public float Value { get; set; }
    }
}
