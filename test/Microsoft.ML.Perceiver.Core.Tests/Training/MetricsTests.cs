namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class MetricsTests
{
    [TestMethod]
    public void Classification()
    {
        var metrics = new ClassificationMetrics(3);
        metrics.Add([MathF.Log(0.7f), MathF.Log(0.2f), MathF.Log(0.1f)], [0]);
        metrics.Add([MathF.Log(0.6f), MathF.Log(0.3f), MathF.Log(0.1f)], [0]);
        metrics.Add([MathF.Log(0.5f), MathF.Log(0.4f), MathF.Log(0.1f)], [1]);
        var result = metrics.Result();
        Assert.AreEqual(2 / 3.0, result["Accuracy"], 1e-9);
        Assert.AreEqual(0.5, result["MacroAccuracy"], 1e-9);
        Assert.AreEqual(-(Math.Log(0.7) + Math.Log(0.6) + Math.Log(0.4)) / 3, result["LogLoss"], 1e-6);
    }

    [TestMethod]
    public void Items_of_a_row_count_as_rows_and_those_without_a_label_do_not()
    {
        var rows = new ClassificationMetrics(2);
        rows.Add([-0.1f, -3], [0]);
        rows.Add([-2, -0.2f], [0]);
        var items = new ClassificationMetrics(2);
        items.Add([-0.1f, -3, -1, -0.4f, -2, -0.2f], [0, PerceiverForMaskedLM.IgnoredLabel, 0]);
        CollectionAssert.AreEqual(rows.Result().ToArray(), items.Result().ToArray());
        Assert.AreEqual(0.5, items.Result()["Accuracy"]);
    }

    [TestMethod]
    public void Regression()
    {
        var metrics = new RegressionMetrics();
        foreach (var (predicted, actual) in new[] { (1.0, 2.0), (4.0, 4.0), (9.0, 6.0) })
            metrics.Add(predicted + 1e6, actual + 1e6);
        var result = metrics.Result();
        Assert.AreEqual(4 / 3.0, result["MeanAbsoluteError"], 1e-9);
        Assert.AreEqual(Math.Sqrt(10 / 3.0), result["RootMeanSquaredError"], 1e-9);
        Assert.AreEqual(1 - 10.0 / 8, result["RSquared"], 1e-9);
    }

    [TestMethod]
    public void Several_labels()
    {
        var metrics = new MultiLabelMetrics();
        metrics.Add([2, -1, 3], [1, 0, 0]);
        metrics.Add([-500, 500, -1], [0, 1, 0]);
        var result = metrics.Result();
        Assert.AreEqual(2.0 * 2 / (2 * 2 + 1), result["MicroF1"], 1e-9);
        Assert.AreEqual(0.5, result["ExactMatch"], 1e-9);
        (double Logit, int Target)[] told = [(2, 1), (-1, 0), (3, 0), (-1, 0)];
        double expected = told.Sum(x => Math.Log(1 + Math.Exp(x.Target == 1 ? -x.Logit : x.Logit))) / 6;
        Assert.AreEqual(expected, result["LogLoss"], 1e-9);
    }
}
