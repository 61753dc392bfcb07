namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>What samples/ImageClassification reaches when it trains from random weights.</summary>
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
}
