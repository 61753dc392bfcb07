using System.Globalization;
using Microsoft.ML.Perceiver.Tests.Runtime;

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

    // In a process of its own, whose memory other tests do not change.
    private static void Run(int height, int width)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The peak of memory is read from /proc.");
        using var process = HostProcess.Start($"frames {height} {width}");
        // 15 s for a megapixel, on two busy cores.
        string[] lines = HostProcess.Finish(process, TimeSpan.FromMinutes(2 + height * width / 1_000_000));
        CollectionAssert.Contains(lines, $"flow {height} {width} True");
        string grown = lines.Single(l => l.StartsWith("grown ", StringComparison.Ordinal))[6..];
        long more = long.Parse(grown, CultureInfo.InvariantCulture) / (1 << 20);
        long needed = (long)height * width * (2 * 3 + PerceiverFlowField.Components * sizeof(float)) / (1 << 20);
        Assert.IsLessThan(needed + Tiles, more, $"{more} MB more at once; the frames and the flow have {needed} MB");
    }
}
