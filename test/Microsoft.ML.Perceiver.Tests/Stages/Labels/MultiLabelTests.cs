using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Stages.Labels;

/// <summary>Several labels for each row: the trainers of every kind of data.</summary>
[TestClass]
public sealed class MultiLabelTests
{
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 30, BatchSize = 8, LearningRate = 3e-3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Text", "Flags")]
    [DataRow("Image", "Named")]
    [DataRow("Array", "Shares")]
    public void Passes_the_common_check(string kind, string label)
    {
        var data = LabelledRows.Create(_context, 6);
        EstimatorCheck.Run(
            _context,
            LabelledRows.Trainer(_context, kind, "Several", label, new() { Epochs = 2, BatchSize = 3 }),
            data,
            [_context.Data.LoadFromEnumerable([new { Other = 1f }]), _context.Transforms.DropColumns(label).Fit(data).Transform(data)],
            "Score", "PredictedLabel");
    }

    [TestMethod]
    [DataRow("Text", "Flags")]
    [DataRow("Image", "Named")]
    [DataRow("Array", "Shares")]
    public void They_are_learnt_and_evaluated(string kind, string label)
    {
        using var model = (PerceiverTransformer)LabelledRows.Trainer(_context, kind, "Several", label, Training)
            .Fit(LabelledRows.Create(_context, 96));
        var scored = model.Transform(LabelledRows.Create(_context, 40, seed: 2));
        var metrics = _context.MulticlassClassification.EvaluateMultiLabel(scored, label);
        Assert.IsGreaterThan(0.85, metrics.MicroF1);
        Assert.IsGreaterThan(0.9, metrics.MeanAveragePrecision);
        Assert.IsGreaterThan(0.75, metrics.SubsetAccuracy);
        Assert.IsLessThan(0.15, metrics.HammingLoss);
        Assert.AreEqual(40, metrics.Rows);
        string[] names = label == "Named" ? ["x", "y", "z"] : ["LABEL_0", "LABEL_1", "LABEL_2"];
        CollectionAssert.AreEqual(names, metrics.Labels.ToArray());
        foreach (var (scores, labels) in scored.GetColumn<float[]>("Score").Zip(scored.GetColumn<bool[]>("PredictedLabel")))
            CollectionAssert.AreEqual(Array.ConvertAll(scores, p => p >= 0.5f), labels);
    }

    [TestMethod]
    public void Booleans_and_numbers_are_the_same_labels()
    {
        var data = LabelledRows.Create(_context, 12);
        float[][] Scores(string label)
        {
            using var model = (PerceiverTransformer)LabelledRows.Trainer(
                _context, "Array", "Several", label, new() { Epochs = 3, BatchSize = 4, Seed = 1 }).Fit(data);
            return [.. model.Transform(data).GetColumn<float[]>("Score")];
        }

        float[][] flags = Scores("Flags"), shares = Scores("Shares");
        CollectionAssert.AreEqual(flags.SelectMany(row => row).ToArray(), shares.SelectMany(row => row).ToArray());
    }
}
