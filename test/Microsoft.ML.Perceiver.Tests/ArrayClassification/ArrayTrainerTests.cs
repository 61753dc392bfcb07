using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.ArrayClassification;

/// <summary>What the trainers of arrays learn, and what their models keep.</summary>
[TestClass]
public sealed class ArrayTrainerTests
{
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 12, BatchSize = 8, LearningRate = 3e-3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Two_classes_are_evaluated_by_the_columns_of_binary_trainers()
    {
        var data = ArrayData.Rows(_context, 100);
        using var model = _context.BinaryClassification.Trainers.PerceiverArray("Truth", "Any", ArrayData.Checkpoint, Training).Fit(data);
        var scored = model.Transform(data);
        var metrics = _context.BinaryClassification.Evaluate(scored, "Truth");
        Assert.IsGreaterThan(0.9, metrics.Accuracy);
        Assert.IsLessThan(0.5, metrics.LogLoss);
        float[] scores = [.. scored.GetColumn<float>("Score")], probabilities = [.. scored.GetColumn<float>("Probability")];
        bool[] labels = [.. scored.GetColumn<bool>("PredictedLabel")];
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.AreEqual(1 / (1 + Math.Exp(-scores[i])), probabilities[i], 1e-5);
            Assert.AreEqual(scores[i] > 0, labels[i]);
        }

        CollectionAssert.AreEqual(new[] { "False", "True" }, model.Labels.ToArray());
    }

    [TestMethod]
    public void A_regression_gives_numbers_in_the_labels_unit()
    {
        var data = ArrayData.Rows(_context, 100);
        using var model = _context.Regression.Trainers.PerceiverArray("Number", "Grid", ArrayData.Checkpoint, Training).Fit(data);
        var metrics = _context.Regression.Evaluate(model.Transform(data), "Number");
        Assert.IsGreaterThan(0.8, metrics.RSquared);
    }

    [TestMethod]
    public void Inputs_are_standardised_by_channel_of_a_series_and_by_column_of_a_table()
    {
        var data = _context.Data.LoadFromEnumerable(new[]
        {
            new { Six = new float[] { 1, 10, 3, 10 }, A = 5f, Truth = true },
            new { Six = new float[] { 5, 10, 7, 10, 9, 10 }, A = 9f, Truth = false },
        });
        var training = new PerceiverTrainingOptions { Epochs = 1, ValidationFraction = 0 };
        using var series = Fit(new() { FeatureColumnNames = ["Six"], Channels = 2 });
        AssertScaling(series, [5, 10], [Math.Sqrt(8), 1]);
        CollectionAssert.AreEqual(new[] { 3 }, Settings(series).InputShape.ToArray());
        using var table = Fit(new() { FeatureColumnNames = ["A"] });
        AssertScaling(table, [7], [2]);
        Assert.AreEqual("trainable", Settings(table).Positions);

        PerceiverArrayClassificationTransformer Fit(PerceiverArrayClassificationOptions options)
        {
            (options.LabelColumnName, options.Checkpoint, options.Training) = ("Truth", ArrayData.Checkpoint, training);
            return _context.BinaryClassification.Trainers.PerceiverArray(options).Fit(data);
        }

        static void AssertScaling(PerceiverArrayClassificationTransformer model, double[] means, double[] deviations)
        {
            CollectionAssert.AreEqual(means, Settings(model).Means!.ToArray());
            for (int i = 0; i < deviations.Length; i++)
                Assert.AreEqual(deviations[i], Settings(model).Deviations![i], 1e-9);
        }
    }

    [TestMethod]
    public void Bins_of_a_table_hold_as_many_rows_each_and_few_different_numbers_are_edges()
    {
        // A: 0, 1, 4, 9, ... 81 once each; B: 0 and 1 only.
        var data = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 9).Select(i => new { A = (float)(i * i), B = (float)(i % 2), Truth = i % 2 == 0 }).ToArray());
        using var model = Fit(4);
        var settings = Settings(model);
        AssertEdges([0, 4, 16, 36, 64], 0);
        Assert.AreEqual(1 / settings.Deviations![1], settings.Bins![1][1] - settings.Bins[1][0], 1e-6);
        Assert.HasCount(5, settings.Bins[1]);
        using var plain = Fit(0);
        Assert.IsNull(Settings(plain).Bins);
        using var usual = Fit(null);
        Assert.HasCount(17, Settings(usual).Bins![0]);

        void AssertEdges(double[] expected, int place)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                double edge = settings.Bins![place][i] * settings.Deviations![place] + settings.Means![place];
                Assert.AreEqual(expected[i], edge, 1e-5);
            }
        }

        PerceiverArrayClassificationTransformer Fit(int? bins) =>
            _context.BinaryClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
            {
                FeatureColumnNames = ["A", "B"],
                LabelColumnName = "Truth",
                Checkpoint = ArrayData.Checkpoint,
                Training = new PerceiverTrainingOptions { Epochs = 1, ValidationFraction = 0 },
                Bins = bins,
            }).Fit(data);
    }

    [TestMethod]
    public void Dimensions_say_what_an_array_is()
    {
        var data = ArrayData.Rows(_context, 6);
        AssertShape([4, 6], 1, "fourier", new() { FeatureColumnNames = ["Grid"] });
        AssertShape([4], 6, "fourier", new() { FeatureColumnNames = ["Grid"], Channels = 6 });
        AssertShape([2, 2, 2], 3, "fourier", new() { FeatureColumnNames = ["Film"], Channels = 3 });
        AssertShape([2], 3, "fourier", new() { FeatureColumnNames = ["Six"], Channels = 3 });
        AssertShape([6], 1, "trainable", new() { FeatureColumnNames = ["Six"], Positions = PerceiverArrayPositions.Trainable });
        AssertShape([8], 1, "trainable", new() { FeatureColumnNames = ["Six", "A", "B"] });
        AssertShape([12], 1, "fourier", new() { FeatureColumnNames = ["Any"], MaxLength = 10, Patch = [4] });

        void AssertShape(int[] shape, int channels, string positions, PerceiverArrayClassificationOptions options)
        {
            (options.LabelColumnName, options.Checkpoint) = ("Truth", ArrayData.Checkpoint);
            options.Training = new PerceiverTrainingOptions { Epochs = 1 };
            using var model = _context.BinaryClassification.Trainers.PerceiverArray(options).Fit(data);
            CollectionAssert.AreEqual(shape, Settings(model).InputShape.ToArray());
            Assert.AreEqual(channels, Settings(model).InputChannels);
            Assert.AreEqual(positions, Settings(model).Positions);
        }
    }

    [TestMethod]
    public void Training_goes_on_from_a_checkpoint_with_its_array()
    {
        using var folder = new TemporaryFolder();
        var data = ArrayData.Rows(_context, 20);
        using (var first = _context.BinaryClassification.Trainers.PerceiverArray("Truth", "Any", ArrayData.Checkpoint, Training).Fit(data))
            first.SavePretrained(folder.Path);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder.Path);
        var few = _context.Data.TakeRows(data, 6);
        var options = new PerceiverArrayClassificationOptions
        {
            FeatureColumnNames = ["Any"],
            LabelColumnName = "Number",
            Checkpoint = checkpoint,
            Training = Training,
        };
        using var second = _context.Regression.Trainers.PerceiverArray(options).Fit(few);
        CollectionAssert.AreEqual(checkpoint.Config.Array!.Means!.ToArray(), Settings(second).Means!.ToArray());
        options.MaxLength = 4;
        var error = Assert.ThrowsExactly<ArgumentException>(() => _context.Regression.Trainers.PerceiverArray(options));
        Assert.AreEqual("MaxLength", error.ParamName);
    }

    [TestMethod]
    public void A_default_training_tells_classes_apart()
    {
        var data = ArrayData.Keyed(_context, 60);
        var options = new PerceiverArrayClassificationOptions { FeatureColumnNames = ["A", "B"], LabelColumnName = "Key" };
        using var model = _context.MulticlassClassification.Trainers.PerceiverArray(options).Fit(data);
        Assert.HasCount(PerceiverPresets.ArrayTraining.Epochs, model.TrainingResult!.Epochs);
        Assert.IsGreaterThan(0.9, _context.MulticlassClassification.Evaluate(model.Transform(data), "Key").MicroAccuracy);
    }

    private static PerceiverArraySettings Settings(PerceiverArrayClassificationTransformer transformer) =>
        transformer.Model.Config.Array!;
}
