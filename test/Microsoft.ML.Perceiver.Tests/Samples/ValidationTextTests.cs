using global::Samples;

namespace Microsoft.ML.Perceiver.Tests.Samples;

[TestClass]
public sealed class ValidationTextTests
{
    [TestMethod]
    public void Every_objective_has_words()
    {
        Assert.AreEqual("", ValidationText.Of(new Dictionary<string, double>()));
        Assert.AreEqual(
            "  validation accuracy 98.50 %, loss 0.250",
            ValidationText.Of(new Dictionary<string, double> { ["Accuracy"] = 0.985, ["MacroAccuracy"] = 0.9, ["LogLoss"] = 0.25 }));
        Assert.AreEqual(
            "  validation 75.5 % of the masks right, loss 0.800",
            ValidationText.Of(new Dictionary<string, double> { ["LogLoss"] = 0.8, ["Perplexity"] = 2.2, ["MaskedAccuracy"] = 0.755 }));
        Assert.AreEqual(
            "  validation end-point error 0.271 pixels, 1.5 % outliers",
            ValidationText.Of(new Dictionary<string, double> { ["EPE"] = 0.2712, ["FlAll"] = 1.5 }));
        Assert.AreEqual(
            "  validation accuracy 50.00 %, image 21.46 dB, audio 30.00 dB",
            ValidationText.Of(new Dictionary<string, double> { ["VideoPsnr"] = 21.46, ["AudioPsnr"] = 30, ["Accuracy"] = 0.5 }));
        Assert.AreEqual(
            "  validation root mean squared error 0.5",
            ValidationText.Of(
                new Dictionary<string, double> { ["MeanAbsoluteError"] = 0.4, ["RootMeanSquaredError"] = 0.5, ["RSquared"] = 0.8 }));
    }

    [TestMethod]
    public void Metrics_of_an_objective_of_ones_own_go_by_their_names() =>
        Assert.AreEqual(
            "  validation Distance 1.235, Angle 7",
            ValidationText.Of(new Dictionary<string, double> { ["Distance"] = 1.2349, ["Angle"] = 7 }));
}
