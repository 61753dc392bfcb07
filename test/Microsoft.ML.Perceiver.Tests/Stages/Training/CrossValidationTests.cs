using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Stages.Training;

/// <summary>Cross-validation with run folders, the seed of a context, and warnings of rows from which little can be learnt.</summary>
[TestClass]
public sealed class CrossValidationTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Each_fold_has_a_folder_and_resumes_in_it()
    {
        using var folder = new TemporaryFolder();
        double[] Run()
        {
            var trainer = Trainer(new() { Epochs = 2, BatchSize = 4, RunFolder = folder.Path });
            var folds = _context.MulticlassClassification.CrossValidate(Data(24, "a", "b"), trainer, numberOfFolds: 3, "Key");
            return [.. folds.Select(f => f.Metrics.LogLoss)];
        }

        double[] first = Run();
        Assert.IsTrue(Directory.Exists(folder["checkpoints"]));
        Assert.IsTrue(Directory.Exists(folder["fold-2/checkpoints"]));
        Assert.IsTrue(Directory.Exists(folder["fold-3/checkpoints"]));
        Assert.IsFalse(Directory.Exists(folder["fold-4"]));
        var written = File.GetLastWriteTimeUtc(folder["fold-3/checkpoints/settings.json"]);
        // Finished trainings are found again, each in its own folder.
        CollectionAssert.AreEqual(first, Run());
        Assert.IsFalse(Directory.Exists(folder["fold-4"]));
        Assert.IsTrue(File.GetLastWriteTimeUtc(folder["fold-3/checkpoints/settings.json"]) >= written);
    }

    [TestMethod]
    public void Another_estimator_does_not_take_the_folder_of_other_data()
    {
        using var folder = new TemporaryFolder();
        var training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 4, RunFolder = folder.Path };
        using var first = Trainer(training).Fit(Data(12, "a", "b"));
        StringAssert.Contains(
            Assert.Throws<InvalidOperationException>(() => Trainer(training).Fit(Data(16, "a", "b"))).Message, "Rows was");
    }

    [TestMethod]
    public void The_seed_of_the_context_is_that_of_the_training()
    {
        float[] Scores(MLContext context, int? seed)
        {
            using var model = context.MulticlassClassification.Trainers.PerceiverText(
                "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: new() { Epochs = 1, BatchSize = 4, Seed = seed })
                .Fit(Data(16, "a", "b"));
            return [.. model.Transform(Data(3, "a", "b")).GetColumn<float[]>("Score").SelectMany(s => s)];
        }

        float[] seven = Scores(new MLContext(7), null);
        CollectionAssert.AreEqual(Scores(new MLContext(3), 7), seven);
        CollectionAssert.AreNotEqual(Scores(new MLContext(8), null), seven);
        CollectionAssert.AreEqual(Scores(new MLContext(), null), Scores(new MLContext(), 1));
    }

    [TestMethod]
    [DataRow(6, "a", "of one class")]
    [DataRow(1, "a", "single training row")]
    public void Rows_from_which_little_can_be_learnt_are_warned_of(int rows, string label, string expected)
    {
        var log = new List<string>();
        _context.Log += (_, e) => log.Add(e.Message);
        var told = new CollectingLogger();
        using var model = Trainer(new() { Epochs = 1, ValidationFraction = 0, Logger = told }).Fit(Data(rows, label));
        StringAssert.Contains(told.Warnings.Single(), expected);
        Assert.IsTrue(log.Any(l => l.Contains(expected, StringComparison.Ordinal)), string.Join('\n', log));
        told.Clear();
        using var other = Trainer(new() { Epochs = 1, ValidationFraction = 0, Logger = told }).Fit(Data(6, "a", "b"));
        Assert.IsEmpty(told.Warnings);
    }

    private PerceiverTextClassificationEstimator Trainer(PerceiverTrainingOptions training) =>
        _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Config), training: training);

    private IDataView Data(int rows, params string[] labels)
    {
        var data = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, rows).Select(i => (Number: i, Label: labels[i % labels.Length]))
                .Select(r => new Row { Text = $"text {r.Number} of {r.Label}", Label = r.Label }));
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
