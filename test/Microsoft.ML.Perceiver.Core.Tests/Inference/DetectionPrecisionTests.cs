namespace Microsoft.ML.Perceiver.Tests.Inference;

[TestClass]
public sealed class DetectionPrecisionTests
{
    private static readonly Box Whole = new(0, 0, 10, 10);

    [TestMethod]
    public void Perfect_boxes_have_a_precision_of_one_whatever_their_scores()
    {
        var precision = new DetectionPrecision(3);
        precision.Add([new(0, 0.1f, Whole), new(1, 0.9f, new(20, 20, 30, 40))], [(1, new(20, 20, 30, 40)), (0, Whole)]);
        precision.Add([], []);
        Assert.AreEqual(1, precision.MeanAt(0.5));
        Assert.AreEqual(1, precision.MeanOfAll(), 1e-12);
        Assert.AreEqual(2, precision.Images);
        // A label without objects counts for nothing.
        Assert.AreEqual(double.NaN, precision.At(2, 0.5));
        Assert.AreEqual(double.NaN, new DetectionPrecision(1).MeanAt(0.5));
    }

    [TestMethod]
    public void The_precision_at_each_recall_is_the_highest_at_that_or_a_higher_one()
    {
        // Four objects; by score: right, wrong, right, wrong, wrong, right. Recalls 1/4, 2/4, 3/4 at precisions 1, 2/3, 3/6.
        var precision = new DetectionPrecision(1);
        float score = 1;
        foreach (bool isRight in new[] { true, false, true, false, false, true })
        {
            precision.Add([new(0, score, isRight ? Whole : new(50, 50, 60, 60))], isRight ? [(0, Whole)] : []);
            score -= 0.1f;
        }

        precision.Add([], [(0, Whole)]);
        // Recalls 0 to 0.25 are 26 of the 101, those to 0.5 and to 0.75 25 each; above it there is none.
        double expected = (26 * 1 + 25 * (2.0 / 3) + 25 * 0.5) / 101;
        Assert.AreEqual(expected, precision.MeanAt(0.5), 1e-12);
    }

    [TestMethod]
    public void A_second_box_of_an_object_is_wrong_and_overlaps_count_by_their_thresholds()
    {
        // The surer box has an overlap of 0.8, the other one of 1.
        var precision = new DetectionPrecision(1);
        precision.Add([new(0, 0.5f, Whole), new(0, 0.9f, new(0, 0, 10, 8))], [(0, Whole)]);
        Assert.AreEqual(1, precision.MeanAt(0.5));
        Assert.AreEqual(1, precision.MeanAt(0.79));
        // Now the surer one is wrong, and the precision is a half at every recall.
        Assert.AreEqual(0.5, precision.MeanAt(0.85), 1e-12);
    }

    [TestMethod]
    public void Boxes_of_another_label_or_image_do_not_count_and_the_hundred_and_first_neither()
    {
        var precision = new DetectionPrecision(2);
        precision.Add([new(1, 0.9f, Whole)], [(0, Whole)]);
        precision.Add([new(0, 0.9f, Whole)], [(1, new(30, 30, 40, 40))]);
        Assert.AreEqual(0, precision.MeanAt(0.5));
        var many = new DetectionPrecision(1);
        DetectedBox[] wrong = [.. Enumerable.Range(0, 100).Select(i => new DetectedBox(0, 0.9f, new(50, 50, 60, 60)))];
        many.Add([.. wrong, new(0, 0.1f, Whole)], [(0, Whole)]);
        Assert.AreEqual(0, many.MeanAt(0.5));
    }

    [TestMethod]
    public void Repetitions_of_a_label_are_left_out_and_no_object_is_no_label()
    {
        // Two queries of two labels: label 0 with 0.3 and label 1 with 0.6; the third number is no object.
        float[] numbers =
        [
            0.3f, 0.1f, 0.6f, 0.5f, 0.5f, 1, 1,
            0.1f, 0.6f, 0.3f, 0.25f, 0.5f, 0.5f, 0.5f,
        ];
        DetectedBox[] found = [.. DetectedBoxes.Of(numbers, 2)];
        CollectionAssert.AreEqual(
            new[] { new DetectedBox(1, 0.6f, new(0, 0.25f, 0.5f, 0.75f)), new DetectedBox(0, 0.3f, new(0, 0, 1, 1)) }, found);
        var box = new Box(0, 0, 10, 10);
        DetectedBox[] boxes = [new(0, 0.9f, box), new(1, 0.8f, box), new(0, 0.7f, new(0, 0, 10, 9)), new(0, 0.6f, new(0, 0, 10, 4))];
        CollectionAssert.AreEqual(new[] { boxes[0], boxes[1], boxes[3] }, DetectedBoxes.WithoutRepeated(boxes, 0.5));
        CollectionAssert.AreEqual(boxes, DetectedBoxes.WithoutRepeated(boxes, 0.95));
    }
}
