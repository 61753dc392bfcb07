namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>samples/VideoClassification from the making of films to the figures.</summary>
[TestClass]
public sealed class FilmSampleTests
{
    [TestMethod]
    public void A_few_films_are_made_learnt_and_judged()
    {
        var figures = SampleProcess.Figures("VideoClassification", "--films", "64", "--epochs", "1");
        string[] names = ["test_accuracy", "baseline_accuracy", "frame_accuracy", "train_seconds", "rows_per_second"];
        CollectionAssert.AreEqual(names, figures.Keys.ToArray());
        foreach (string accuracy in names[..3])
            Assert.IsTrue(figures[accuracy] is >= 0 and <= 1, accuracy);
        Assert.IsGreaterThan(0, figures["train_seconds"]);
        Assert.IsGreaterThan(0, figures["rows_per_second"]);
    }

    [TestMethod]
    [TestCategory("LongRunning")]
    public void What_the_camera_does_is_learnt_and_a_frame_tells_little_of_it()
    {
        var figures = SampleProcess.Figures("VideoClassification");
        Assert.IsGreaterThanOrEqualTo(0.9, figures["test_accuracy"]);
        Assert.IsGreaterThanOrEqualTo(figures["baseline_accuracy"] + 0.2, figures["test_accuracy"]);
        Assert.IsLessThanOrEqualTo(0.2, figures["frame_accuracy"]);
    }
}
