using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Stages.Labels;

/// <summary>Two classes, the label a Boolean: the columns of ML.NET's own binary trainers, whatever is read.</summary>
[TestClass]
public sealed class TwoClassTests
{
    private static readonly string[] Columns = ["Score", "Probability", "PredictedLabel"];
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 30, BatchSize = 8, LearningRate = 3e-3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Text", "Truth")]
    [DataRow("Image", "Truth")]
    [DataRow("Image", "Any")]
    public void Passes_the_common_check(string kind, string catalog)
    {
        var data = LabelledRows.Create(_context, 6);
        EstimatorCheck.Run(
            _context,
            LabelledRows.Trainer(_context, kind, catalog, "Truth", new() { Epochs = 2, BatchSize = 3 }),
            data,
            [_context.Data.LoadFromEnumerable([new { Truth = true }]), _context.Transforms.DropColumns("Truth").Fit(data).Transform(data)],
            Columns);
    }

    [TestMethod]
    [DataRow("Text")]
    [DataRow("Image")]
    public void They_are_learnt_and_evaluated_as_ML_NET_evaluates(string kind)
    {
        using var model = (PerceiverTransformer)LabelledRows.Trainer(_context, kind, "Truth", "Truth", Training)
            .Fit(LabelledRows.Create(_context, 96));
        var scored = model.Transform(LabelledRows.Create(_context, 40, seed: 2));
        var metrics = _context.BinaryClassification.Evaluate(scored, "Truth");
        Assert.IsGreaterThan(0.9, metrics.Accuracy);
        Assert.IsGreaterThan(0.9, metrics.AreaUnderRocCurve);
        // In bits; that of a guess is 1.
        Assert.IsLessThan(0.8, metrics.LogLoss);
        float[] scores = [.. scored.GetColumn<float>("Score")], probabilities = [.. scored.GetColumn<float>("Probability")];
        bool[] labels = [.. scored.GetColumn<bool>("PredictedLabel")];
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(1 / (1 + Math.Exp(-scores[i])), probabilities[i], 1e-5);
            Assert.AreEqual(scores[i] > 0, labels[i]);
        }
    }

    [TestMethod]
    public void A_folder_of_such_a_model_has_the_labels_False_and_True()
    {
        using var folder = new TemporaryFolder();
        var data = LabelledRows.Create(_context, 8);
        float[] probabilities;
        using (var model = (PerceiverTextClassificationTransformer)LabelledRows.Trainer(
            _context, "Text", "Truth", "Truth", new() { Epochs = 1 }).Fit(data))
        {
            probabilities = [.. model.Transform(data).GetColumn<float>("Probability")];
            CollectionAssert.AreEqual(new[] { "False", "True" }, model.Labels.ToArray());
            model.SavePretrained(folder.Path);
        }

        using var loaded = _context.Transforms.PerceiverTextClassification(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(data);
        float[][] scores = [.. loaded.Transform(data).GetColumn<float[]>("Score")];
        for (int i = 0; i < probabilities.Length; i++)
            Assert.AreEqual(probabilities[i], scores[i][1], 1e-5);
    }

    [TestMethod]
    public void The_most_probable_labels_are_refused_before_the_training()
    {
        var trainer = _context.BinaryClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
        {
            LabelColumnName = "Truth",
            ImageColumnName = "Pixels",
            Training = new() { Epochs = 1_000_000 },
            TopK = 1,
        });
        var error = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(LabelledRows.Create(_context, 8)));
        Assert.Contains("The most probable labels are for several classes; these are two.", error.Message);
    }
}
