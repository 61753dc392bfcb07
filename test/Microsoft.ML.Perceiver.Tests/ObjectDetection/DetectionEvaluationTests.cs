namespace Microsoft.ML.Perceiver.Tests.ObjectDetection;

[TestClass]
public sealed class DetectionEvaluationTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void An_evaluation_needs_rows_of_one_form()
    {
        var perfect = ObjectDetectionTests.Square(new Random(1));
        Assert.AreEqual(1, Evaluate(perfect.Label, perfect.BoundingBoxes, [0.5f]).MAP50);
        Refused(() => Evaluate(["red"], [0, 0, 1], [0.5f]), "Row 0: the column 'PredictedLabel' has 1 labels");
        Refused(() => Evaluate(["red"], [0, 0, 1, 1], []), "Row 0: the column 'Score' has 0 scores of 1 boxes");
        Refused(() => Evaluate(["red"], [0, 0, float.NaN, 1], [0.5f]), "Row 0: the number 2 in the column 'PredictedBoundingBoxes'");
        Refused(() => EvaluateRows(), "no rows");

        PerceiverObjectDetectionMetrics Evaluate(string[] labels, float[] boxes, float[] scores) => EvaluateRows(new FoundRow
        {
            Label = perfect.Label,
            BoundingBoxes = perfect.BoundingBoxes,
            PredictedLabel = labels,
            PredictedBoundingBoxes = boxes,
            Score = scores,
        });

        PerceiverObjectDetectionMetrics EvaluateRows(params FoundRow[] rows)
        {
            var view = _context.Data.LoadFromEnumerable(rows);
            var names = _context.Data.LoadFromEnumerable([new { Name = "red" }, new { Name = "blue" }]);
            var keys = _context.Transforms.Conversion.MapValueToKey(
                [new InputOutputColumnPair("Label"), new InputOutputColumnPair("PredictedLabel")], keyData: names);
            return _context.MulticlassClassification.EvaluateObjectDetection(keys.Fit(view).Transform(view));
        }

        static void Refused(Action action, string expected) =>
            StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(action).Message, expected);
    }

    [TestMethod]
    public void Two_columns_of_labels_need_the_same_keys()
    {
        var view = _context.Data.LoadFromEnumerable([new FoundRow { Label = ["red"], PredictedLabel = ["blue"] }]);
        var keys = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.Conversion.MapValueToKey("PredictedLabel")).Fit(view);
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => _context.MulticlassClassification.EvaluateObjectDetection(keys.Transform(view)));
        StringAssert.Contains(error.Message, "'Label' and 'PredictedLabel' have different labels");
    }

    private sealed class FoundRow
    {
        public string[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
