namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>What samples/AudioClassification reaches.</summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed class AudioSampleTests
{
    [TestMethod]
    public void Generated_timbres()
    {
        var figures = SampleProcess.Figures("AudioClassification", "--generated");
        Assert.IsGreaterThanOrEqualTo(0.85, figures["test_accuracy"]);
        Assert.IsGreaterThan(0, figures["rows_per_second"]);
    }

    [TestMethod]
    public void Languages_of_voice_prompts()
    {
        string folder = Path.Combine(SampleProcess.Folder("AudioClassification"), "Data", "asterisk");
        if (!Directory.Exists(folder))
            Assert.Inconclusive($"There is no '{folder}'; eng/fetch-asterisk.sh makes it.");
        var figures = SampleProcess.Figures("AudioClassification", "--full", "--data", folder);
        Assert.IsGreaterThanOrEqualTo(0.95, figures["test_accuracy"]);
        Assert.IsGreaterThan(figures["baseline_accuracy"], figures["test_accuracy"]);
    }
}
