using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Stages.Labels;

/// <summary>The metrics of several labels, by numbers that were counted by hand and by another way of counting.</summary>
[TestClass]
public sealed class MultiLabelMetricsTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Four_rows_are_counted_as_by_hand()
    {
        // The third label applies nowhere and is predicted once, the fourth neither applies nor is predicted.
        var metrics = Evaluate(
        [
            Row([1, 0, 0, 0], [.9f, .1f, .2f, .1f]),
            Row([1, 1, 0, 0], [.6f, .7f, .8f, .1f]),
            Row([0, 1, 0, 0], [.8f, .4f, .1f, .1f]),
            Row([1, 0, 0, 0], [.5f, .3f, .2f, .1f]),
        ]);
        Assert.AreEqual(2 * 4 / (2.0 * 4 + 3), metrics.MicroF1, 1e-12);
        double[] f1 = [2 * 3 / (2.0 * 3 + 1), 2 * 1 / (2.0 * 1 + 1), 0, double.NaN];
        AssertSame(f1, metrics.PerLabelF1);
        Assert.AreEqual((f1[0] + f1[1] + f1[2]) / 3, metrics.MacroF1, 1e-12);
        Assert.AreEqual(3 / 16.0, metrics.HammingLoss, 1e-12);
        Assert.AreEqual(2 / 4.0, metrics.SubsetAccuracy, 1e-12);
        // The first label's rows by their scores: right, wrong, right, right.
        double[] precisions = [(1 + 2 / 3.0 + 3 / 4.0) / 3, 1, double.NaN, double.NaN];
        AssertSame(precisions, metrics.PerLabelAveragePrecision);
        Assert.AreEqual((precisions[0] + precisions[1]) / 2, metrics.MeanAveragePrecision, 1e-12);
        Assert.AreEqual(4, metrics.Rows);
        CollectionAssert.AreEqual(new[] { "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3" }, metrics.Labels.ToArray());
    }

    [TestMethod]
    public void Rows_of_one_score_count_together_in_whichever_order_they_come()
    {
        TwoOrFour[] rows =
            [Row([1, 0, 0, 0], [.5f, 0, 0, 0]), Row([0, 0, 0, 0], [.5f, 0, 0, 0]), Row([0, 0, 0, 0], [.5f, 0, 0, 0])];
        Assert.AreEqual(1 / 3.0, Evaluate(rows).PerLabelAveragePrecision[0], 1e-12);
        Assert.AreEqual(1 / 3.0, Evaluate([.. rows.Reverse()]).PerLabelAveragePrecision[0], 1e-12);
    }

    [TestMethod]
    public void Random_rows_are_counted_as_by_definition()
    {
        var random = new Random(4);
        TwoOrFour[] rows = [.. Enumerable.Range(0, 200).Select(_ =>
        {
            float[] labels = [.. Enumerable.Range(0, 4).Select(_ => (float)random.Next(2))];
            return Row(labels, [.. labels.Select(l => MathF.Round(0.3f * l + 0.7f * random.NextSingle(), 1))]);
        })];
        foreach (double threshold in new[] { 0, 0.3, 0.5, 1 })
        {
            var metrics = _context.MulticlassClassification.EvaluateMultiLabel(
                _context.Data.LoadFromEnumerable(rows), threshold: threshold);
            for (int i = 0; i < 4; i++)
            {
                var both = rows.Select(r => (Applies: r.Label[i] == 1, Score: r.Score[i])).ToArray();
                double right = both.Count(b => b.Applies && b.Score >= (float)threshold);
                double precision = right / Math.Max(1, both.Count(b => b.Score >= (float)threshold));
                double recall = right / both.Count(b => b.Applies);
                Assert.AreEqual(right == 0 ? 0 : 2 * precision * recall / (precision + recall), metrics.PerLabelF1[i], 1e-12);
                Assert.AreEqual(AveragePrecision(both), metrics.PerLabelAveragePrecision[i], 1e-12);
            }

            Assert.AreEqual(metrics.PerLabelF1.Average(), metrics.MacroF1, 1e-12);
        }
    }

    [TestMethod]
    public void What_cannot_be_evaluated_is_refused()
    {
        var catalog = _context.MulticlassClassification;
        var rows = _context.Data.LoadFromEnumerable([Row([1, 0, 0, 0], [0, 0, 0, 0])]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.EvaluateMultiLabel(rows, threshold: 1.1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.EvaluateMultiLabel(rows, threshold: double.NaN));
        var other = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.EvaluateMultiLabel(rows, "Other"));
        Assert.Contains("'Other'", other.Message);
        var two = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.EvaluateMultiLabel(rows, scoreColumnName: "Two"));
        Assert.Contains("The column 'Two' has 2 scores for each row, and the column 'Label' 4 labels.", two.Message);
        var one = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => catalog.EvaluateMultiLabel(rows, "One"));
        Assert.Contains("needs a vector of Single or Boolean of known size", one.Message);
        Assert.Contains("no rows", Fails([]));
        Assert.Contains("Row 1: the score 2 in the column 'Score' is NaN", Fails([Good(), Row([0, 0, 0, 0], [0, 0, float.NaN, 0])]));
        Assert.Contains("Row 1: the label 3 in the column 'Label' is -1", Fails([Good(), Row([0, 0, 0, -1], [0, 0, 0, 0])]));
        var few = _context.Data.LoadFromEnumerable(
            [new Free { Label = [1, 0], Score = [0.5f, 0] }, new Free { Label = [1, 0], Score = [0] }]);
        Assert.Contains(
            "Row 1: the column 'Score' has 1 scores of 2 labels",
            Assert.ThrowsExactly<InvalidOperationException>(() => catalog.EvaluateMultiLabel(few)).Message);

        string Fails(TwoOrFour[] bad) => Assert.ThrowsExactly<InvalidOperationException>(
            () => catalog.EvaluateMultiLabel(_context.Data.LoadFromEnumerable(bad))).Message;
        static TwoOrFour Good() => Row([1, 0, 0, 0], [1, 0, 0, 0]);
    }

    // The mean over the rows that have the label of the precision among the rows of their score and more.
    private static double AveragePrecision((bool Applies, float Score)[] rows) => rows.Where(row => row.Applies).Average(row =>
    {
        var above = rows.Where(other => other.Score >= row.Score).ToArray();
        return above.Count(other => other.Applies) / (double)above.Length;
    });

    private static void AssertSame(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-12, $"{i}");
    }

    private static TwoOrFour Row(float[] label, float[] score) => new() { Label = label, Score = score, Two = score[..2], One = 1 };

    private PerceiverMultiLabelMetrics Evaluate(TwoOrFour[] rows) =>
        _context.MulticlassClassification.EvaluateMultiLabel(_context.Data.LoadFromEnumerable(rows));

    private sealed class TwoOrFour
    {
        [VectorType(4)]
        public float[] Label { get; set; } = [];

        [VectorType(4)]
        public float[] Score { get; set; } = [];

        [VectorType(2)]
        public float[] Two { get; set; } = [];

        public float One { get; set; }
    }

    private sealed class Free
    {
        [VectorType(2)]
        public float[] Label { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
