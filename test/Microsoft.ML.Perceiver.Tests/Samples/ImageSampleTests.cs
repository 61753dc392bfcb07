namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>What samples/ImageClassification and samples/ObjectDetection reach when they train from random weights.</summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed class ImageSampleTests
{
    private const string FashionMnist = "/usr/share/datasets/fashion-mnist";

    [TestMethod]
    public void Fashion_mnist()
    {
        if (!Directory.Exists(FashionMnist))
            Assert.Inconclusive($"There is no '{FashionMnist}'; the Debian package dataset-fashion-mnist has it.");
        var figures = SampleProcess.Figures("ImageClassification", "--data", "fashion-mnist");
        Assert.IsGreaterThanOrEqualTo(0.91, figures["test_accuracy"]);
        Assert.IsLessThanOrEqualTo(1e6, figures["parameters"]);
    }

    [TestMethod]
    public void Clothing()
    {
        var figures = SampleProcess.Figures("ImageClassification", "--full");
        Assert.IsGreaterThanOrEqualTo(figures["baseline_accuracy"] + 0.1, figures["test_accuracy"]);
    }

    [TestMethod]
    public void Clothes_in_scenes()
    {
        var figures = SampleProcess.Figures("ObjectDetection", "--full");
        Assert.IsGreaterThanOrEqualTo(0.6, figures["test_map50"]);
        Assert.IsGreaterThanOrEqualTo(figures["baseline_map50"] + 0.3, figures["test_map50"]);
    }
}
