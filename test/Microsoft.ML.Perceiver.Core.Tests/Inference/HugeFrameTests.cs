using Microsoft.ML.Perceiver.PerformanceTests;
using Microsoft.ML.Perceiver.Tests.Heads;

namespace Microsoft.ML.Perceiver.Tests.Inference;

/// <summary>Frames much larger than a model's tiles take little more memory than the frames and their flow.</summary>
[TestClass]
public sealed class HugeFrameTests
{
    // The frames in planes and the flow, and what a few tiles need.
    private const int Tiles = 700;

    [TestMethod]
    public void Frames_of_1200_by_900() => Run(900, 1200);

    [TestMethod]
    [TestCategory("LongRunning")]
    public void Frames_of_8000_by_6000() => Run(6000, 8000);

    private static void Run(int height, int width)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The peak of memory is read from /proc.");
        using var model = PerceiverCheckpoint.FromConfig(
            TinyFlow.Config with { TrainSize = [150, 200], NumSelfAttendsPerBlock = 1 },
            3).Load(c => new PerceiverForOpticalFlow(c, initialize: false)).Model;
        var predictor = new PerceiverOpticalFlowPredictor(model, new PerceiverOpticalFlowPredictorOptions { MaxMemoryBytes = 200_000_000 });
        var (first, second) = (Grey(height, width, 0), Grey(height, width, 1));
        if (!PeakMemory.Reset())
            Assert.Inconclusive("The peak of memory cannot be reset.");
        long before = PeakMemory.Bytes("VmRSS");
        var flow = predictor.Predict(first, second);
        long more = (PeakMemory.Bytes("VmHWM") - before) / (1 << 20);
        Assert.AreEqual((height, width), (flow.Height, flow.Width));
        Assert.IsTrue(flow.Values.All(float.IsFinite));
        long needed = (long)height * width * (2 * 3 + PerceiverFlowField.Components * sizeof(float)) / (1 << 20);
        Assert.IsLessThan(needed + Tiles, more, $"{more} MB more at once; the frames and the flow have {needed} MB");
    }

    private static PerceiverImage Grey(int height, int width, int shift)
    {
        byte[] pixels = new byte[height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                pixels[y * width + x] = (byte)((x + shift) * 7 ^ y * 3);
        }

        return new PerceiverImage(height, width, 1, pixels);
    }
}
