using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.ArrayClassification;

/// <summary>Rows and columns that are no arrays, and what is said of them.</summary>
[TestClass]
public sealed class ArrayRowTests
{
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 1 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(new[] { 1, float.NaN }, "Row 2: the column 'Any' has NaN at 1")]
    [DataRow(new[] { float.PositiveInfinity, 1 }, "Row 2: the column 'Any' has Infinity at 0")]
    [DataRow(new float[] { }, "Row 2: the column 'Any' has no numbers")]
    [DataRow(new float[] { 1, 2, 3 }, "Row 2: the column 'Any' has 3 numbers, which are no whole elements of 2")]
    [DataRow(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, "Row 2: the column 'Any' has 4 elements; the longest series that the")]
    public void A_row_at_fault_is_named_in_training_and_in_scoring(float[] row, string said)
    {
        var options = Options("Any");
        (options.Channels, options.MaxLength) = (2, 3);
        var estimator = _context.BinaryClassification.Trainers.PerceiverArray(options);
        float[][] good = [[1, 2], [3, 4, 5, 6], [7, 8]];
        var wrong = ArrayData.Of(_context, [good[0], good[1], row]);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(wrong));
        Assert.Contains(said, error.Message);
        using var model = estimator.Fit(ArrayData.Of(_context, good));
        error = Assert.ThrowsExactly<InvalidOperationException>(() => model.Transform(wrong).GetColumn<float>("Score").ToArray());
        Assert.Contains(said, error.Message);
    }

    [TestMethod]
    public void A_missing_value_of_a_table_is_named_by_its_column()
    {
        var rows = new[] { new { A = 1f, B = 2f, Truth = true }, new { A = 3f, B = float.NaN, Truth = false } };
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _context.BinaryClassification.Trainers.PerceiverArray(Options("A", "B")).Fit(_context.Data.LoadFromEnumerable(rows)));
        Assert.Contains("Row 1: the column 'B' has NaN, which is no finite number; replace missing values first", error.Message);
    }

    [TestMethod]
    public void Vectors_of_another_size_than_that_of_training_are_refused()
    {
        using var model = _context.BinaryClassification.Trainers.PerceiverArray(Options("Six")).Fit(ArrayData.Rows(_context, 4));
        var five = _context.Data.LoadFromEnumerable([new FiveRow()]);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(five));
        Assert.Contains("The column 'Six' has vectors of 5 numbers; the model reads 6.", error.Message);
        var any = _context.Data.LoadFromEnumerable([new { Six = new float[6] }, new { Six = new float[5] }]);
        var row = Assert.ThrowsExactly<InvalidOperationException>(() => model.Transform(any).GetColumn<float>("Score").ToArray());
        Assert.Contains("Row 1: the column 'Six' has 5 numbers; the model reads 6.", row.Message);
    }

    [TestMethod]
    [DataRow("Film", 1, "4 axes; a model reads 3 at most")]
    [DataRow("Grid", 4, "the last dimension needs to be that of the channels")]
    [DataRow("Six", 4, "no whole elements of 4 channels")]
    [DataRow("A B", 2, "whose numbers stand alone; Channels is 2")]
    [DataRow("A Any", 1, "a table needs known ones")]
    public void A_column_that_does_not_fit_the_settings_is_named(string columns, int channels, string said)
    {
        var options = Options(columns.Split(' '));
        options.Channels = channels;
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.BinaryClassification.Trainers.PerceiverArray(options).Fit(ArrayData.Rows(_context, 4)));
        Assert.Contains(said, error.Message);
        Assert.Contains($"The column '{columns.Split(' ')[^1].Replace("B", "A")}'", error.Message);
    }

    [TestMethod]
    public void Wrong_settings_are_refused()
    {
        Refused(options => options.FeatureColumnNames = [], "FeatureColumnNames");
        Refused(options => options.FeatureColumnNames = ["A", ""], "FeatureColumnNames");
        Refused(options => options.FeatureColumnNames = ["A", "A"], "FeatureColumnNames");
        Refused(options => options.Channels = 0, "Channels");
        Refused(options => options.MaxLength = 0, "MaxLength");
        Refused(options => options.TopK = 0, "TopK");
        Refused(options => options.ProbabilityColumnName = "", "ProbabilityColumnName");
        var patch = Options("Six");
        patch.Patch = [4];
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => _context.BinaryClassification.Trainers.PerceiverArray(patch).Fit(ArrayData.Rows(_context, 4)));
        Assert.Contains("array.patch is [4]", error.Message);
    }

    private static PerceiverArrayClassificationOptions Options(params string[] columns) => new()
    {
        FeatureColumnNames = columns,
        LabelColumnName = "Truth",
        Checkpoint = ArrayData.Checkpoint,
        Training = Training,
    };

    private void Refused(Action<PerceiverArrayClassificationOptions> change, string name)
    {
        var options = Options("A");
        change(options);
        var error = Assert.Throws<ArgumentException>(() => _context.BinaryClassification.Trainers.PerceiverArray(options));
        Assert.AreEqual(name, error.ParamName);
    }

    internal sealed class FiveRow
    {
        [VectorType(5)]
        public float[] Six { get; set; } = new float[5];
    }
}
